using System.Collections.Immutable;
using Outerloop.Planning.Pddl;

namespace Outerloop.Planning.Validation;

/// <summary>One step as written: an action applied to objects, and where it stands in the text (1-based).</summary>
public sealed record PlanStep(string Action, ImmutableArray<string> Arguments, int Line, int Column)
{
    // Behind a reference, since most plans have no times and can be long.
    private readonly TimeStamp? stamp;

    /// <summary>The time stamp of a plan that has them; steps of the same time happen at once.</summary>
    public Number? Time
    {
        get => stamp?.Value;
        init => stamp = value is { } time ? new TimeStamp(time) : null;
    }

    private sealed record TimeStamp(Number Value);

    public override string ToString() => Arguments.IsEmpty ? $"({Action})" : $"({Action} {string.Join(' ', Arguments)})";
}

/// <summary>Steps in the order of their execution.</summary>
public sealed record Plan(ImmutableArray<PlanStep> Steps)
{
    public int Length => Steps.Length;

    /// <summary>One step a line, without time stamps.</summary>
    public override string ToString() => string.Concat(Steps.Select(s => $"{s}\n"));
}
