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
        if (!text.Contains(Open, StringComparison.OrdinalIgnoreCase) && !text.Contains(Close, StringComparison.OrdinalIgnoreCase))
            return text;
        var characters = text.ToCharArray();
        var position = 0;
        while (position < text.Length)
        {
            var open = text.IndexOf(Open, position, StringComparison.OrdinalIgnoreCase);
            var close = text.IndexOf(Close, position, StringComparison.OrdinalIgnoreCase);
            if (open < 0 && close < 0)
                break;
            var start = open >= 0 && (close < 0 || open < close) ? open : position;
            var end = close < 0 ? text.Length : close + Close.Length;
            Blank(characters.AsSpan(start..end));
            position = end;
        }

        return new string(characters);
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
