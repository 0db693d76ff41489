namespace Outerloop.Planning.Pddl;

/// <summary>PDDL names differ only by their letters, not by their case; they are kept as written for output.</summary>
internal static class Names
{
    public static readonly StringComparer Comparer = StringComparer.OrdinalIgnoreCase;

    public static bool Same(string left, string right) => Comparer.Equals(left, right);
}
