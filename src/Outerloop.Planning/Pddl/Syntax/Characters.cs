namespace Outerloop.Planning.Pddl.Syntax;

/// <summary>
/// The alphabet. PDDL names are letters, digits, '-' and '_'; names found in the field also start with digits and hold a
/// few more signs, which are harmless and allowed. Everything outside ASCII is refused, a no-break space above all: it
/// looks like a blank and is none.
/// </summary>
internal static class Characters
{
    private static readonly System.Buffers.SearchValues<char> NamePart = System.Buffers.SearchValues.Create(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_@.#!$%&*+/^~|'");

    private static readonly System.Buffers.SearchValues<char> NameStart = System.Buffers.SearchValues.Create(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_@#!$%&^~|");

    public static bool IsBlank(char c) => c is ' ' or '\t' or '\r' or '\n' or '\f' or '\v';

    public static bool StartsName(char c) => NameStart.Contains(c);

    /// <summary>The number of characters at the start of <paramref name="text"/> that can continue a name.</summary>
    public static int NameLength(ReadOnlySpan<char> text)
    {
        var length = text.IndexOfAnyExcept(NamePart);
        return length < 0 ? text.Length : length;
    }

    /// <summary>The character as a message can show it.</summary>
    public static string Show(char c) => c is > ' ' and < '\x7f' ? $"'{c}'" : $"U+{(int)c:X4}";
}
