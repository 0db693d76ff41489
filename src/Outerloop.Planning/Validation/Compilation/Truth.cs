namespace Outerloop.Planning.Validation.Compilation;

/// <summary>
/// Kleene's three values, ordered so that 'and' is the minimum and 'or' the maximum. A comparison that reads an undefined
/// number is <see cref="Undefined"/>: neither it nor its negation can be relied on.
/// </summary>
internal enum Truth : byte
{
    False = 0,
    Undefined = 1,
    True = 2,
}

internal static class Truths
{
    public static Truth Of(bool value) => value ? Truth.True : Truth.False;
}
