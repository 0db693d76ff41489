namespace Outerloop.Planning.Validation.Lenient;

/// <summary>A line without its end, and the offset of its first character. CR, LF and CRLF each end a line.</summary>
internal readonly record struct TextLine(string Text, int Start)
{
    public static List<TextLine> Split(string text)
    {
        var lines = new List<TextLine>();
        for (var start = 0; ;)
        {
            var length = text.AsSpan(start).IndexOfAny('\r', '\n');
            if (length < 0)
            {
                lines.Add(new TextLine(text[start..], start));
                return lines;
            }

            lines.Add(new TextLine(text.Substring(start, length), start));
            start += length + 1;
            if (text[start - 1] == '\r' && start < text.Length && text[start] == '\n')
                start++;
        }
    }
}
