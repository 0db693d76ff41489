using System.Text.RegularExpressions;

namespace Outerloop.Planning.Validation.Lenient;

/// <summary>
/// Prepares the text of an answer without moving anything in it: sections of reasoning become blanks, and so do fancy
/// blanks; hyphens and quotation marks as typesetters write them become those of the keyboard.
/// </summary>
internal static partial class AnswerText
{
    public static string Prepared(string text)
    {
        var characters = text.ToCharArray();
        foreach (ref var c in characters.AsSpan())
            c = Plain(c);
        var open = -1;
        var end = 0;
        foreach (var tag in Tag().EnumerateMatches(text))
        {
            var closes = text[tag.Index + 1] == '/';
            if (closes)
            {
                Blank(characters.AsSpan((open < 0 ? end : open)..(tag.Index + tag.Length)));
                (open, end) = (-1, tag.Index + tag.Length);
            }
            else if (open < 0)
            {
                open = tag.Index;
            }
        }

        if (open >= 0)
            Blank(characters.AsSpan(open));
        return new string(characters);
    }

    /// <summary>The text with all lines outside of a range blanked out.</summary>
    public static string Only(string text, int from, int to)
    {
        var characters = text.ToCharArray();
        Blank(characters.AsSpan(0, from));
        Blank(characters.AsSpan(to));
        return new string(characters);
    }

    private static char Plain(char c) => c switch
    {
        '\u00A0' or '\u2007' or '\u202F' => ' ',
        '\u2010' or '\u2011' => '-',
        '\u2018' or '\u2019' => '\'',
        '\u201C' or '\u201D' => '"',
        _ => c,
    };

    private static void Blank(Span<char> section)
    {
        foreach (ref var c in section)
        {
            if (c is not ('\r' or '\n'))
                c = ' ';
        }
    }

    [GeneratedRegex(@"<\/?think(?:ing)?>|<\/?thought>|<\/?reasoning>|\[\/?THINK\]", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Tag();
}
