namespace Outerloop.Planning.Validation.Lenient;

/// <summary>
/// Blanks out what stands between <c>&lt;think&gt;</c> and <c>&lt;/think&gt;</c>, so that positions stay what they are. A
/// section without its end runs to the end of the text; one without its beginning, as chat templates cut it, runs from
/// the start.
/// </summary>
internal static class ThinkingSections
{
    private const string Open = "<think>";
    private const string Close = "</think>";

    public static string Blanked(string text)
    {
        var (open, close) = (Next(text, Open, 0), Next(text, Close, 0));
        if (open == text.Length && close == text.Length)
            return text;
        var characters = text.ToCharArray();
        for (var position = 0; open < text.Length || close < text.Length;)
        {
            var end = Math.Min(close + Close.Length, text.Length);
            Blank(characters.AsSpan((open < close ? open : position)..end));
            position = end;
            if (open < position)
                open = Next(text, Open, position);
            if (close < position)
                close = Next(text, Close, position);
        }

        return new string(characters);
    }

    /// <summary>Where the tag comes next; the length of the text if nowhere.</summary>
    private static int Next(string text, string tag, int from)
    {
        var found = text.IndexOf(tag, from, StringComparison.OrdinalIgnoreCase);
        return found < 0 ? text.Length : found;
    }

    private static void Blank(Span<char> section)
    {
        foreach (ref var c in section)
        {
            if (c is not ('\r' or '\n'))
                c = ' ';
        }
    }
}
