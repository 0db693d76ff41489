using System.Collections.Immutable;

namespace Outerloop.Planning.Pddl;

/// <summary>
/// The type of an object or a parameter: one declared type, or <c>(either a b)</c>. An object of an either-type belongs
/// to each of its alternatives; a parameter of an either-type admits the objects of any of them.
/// </summary>
public sealed record TypeName(ImmutableArray<string> Alternatives)
{
    public const string ObjectName = "object";

    /// <summary>The root type, of everything that is declared without one.</summary>
    public static readonly TypeName Object = new([ObjectName]);

    public bool IsObject => Alternatives.Length == 1 && Names.Same(Alternatives[0], ObjectName);

    public bool Equals(TypeName? other) =>
        other is not null && Alternatives.SequenceEqual(other.Alternatives, Names.Comparer);

    public override int GetHashCode() =>
        Alternatives.Aggregate(0, (hash, name) => HashCode.Combine(hash, Names.Comparer.GetHashCode(name)));

    public override string ToString() =>
        Alternatives.Length == 1 ? Alternatives[0] : $"(either {string.Join(' ', Alternatives)})";
}
