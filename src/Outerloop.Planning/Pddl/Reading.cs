using System.Collections.Immutable;

namespace Outerloop.Planning.Pddl;

/// <summary>What came of reading a text: a value, or the located errors that stand in its way.</summary>
public sealed record Reading<T>(T? Value, ImmutableArray<Diagnostic> Errors)
    where T : class
{
    [System.Diagnostics.CodeAnalysis.MemberNotNullWhen(true, nameof(Value))]
    public bool Ok => Value is not null && Errors.IsEmpty;

    /// <summary>The value of a text that is known to be right; a wrong one is a bug and throws with its first error.</summary>
    public T Required() => Ok ? Value : throw new InvalidOperationException(Errors[0].Render());
}
