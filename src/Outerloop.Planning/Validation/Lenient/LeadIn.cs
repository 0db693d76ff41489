using System.Collections.Frozen;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Outerloop.Planning.Validation.Lenient;

/// <summary>
/// What may stand before a step on its line: marks (bullets, quotes, emphasis, brackets, signs), a number, LaTeX and tags
/// around it, and words that only tell the order, such as "Step 1:" or "First,".
/// </summary>
internal sealed partial class LeadIn
{
    private const string Marks = " \t*-+•>#`\"'|=_~$,:.[]{\uFEFF";

    private static readonly FrozenSet<string> Labels = FrozenSet.ToFrozenSet(["step", "action"], StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenSet<string> OrderWords = FrozenSet.ToFrozenSet(
        [
            "first", "firstly", "second", "secondly", "third", "thirdly", "then", "next", "now", "and", "after", "that",
            "afterwards", "finally", "lastly",
        ],
        StringComparer.OrdinalIgnoreCase);

    private readonly string line;
    private readonly int to;
    private readonly PlanNames names;

    private LeadIn(string line, int from, int to, PlanNames names) => (this.line, End, this.to, this.names) = (line, from, to, names);

    /// <summary>Where the line goes on.</summary>
    public int End { get; private set; }

    /// <summary>The first number.</summary>
    public int? Number { get; private set; }

    /// <summary>Whether there are words of order; they occur in prose too, so that only a declared action may follow.</summary>
    public bool HasWords { get; private set; }

    public static LeadIn Read(string line, int from, int to, PlanNames names)
    {
        var read = new LeadIn(line, from, to, names);
        while (read.SkipMarks() || read.SkipWrapper() || read.SkipNumber() || read.SkipWord())
        {
        }

        return read;
    }

    private bool SkipMarks()
    {
        var start = End;
        while (End < to && (Marks.Contains(line[End], StringComparison.Ordinal) || (line[End] > '\x7f' && !char.IsLetterOrDigit(line[End]))))
            End++;
        return End > start;
    }

    private bool SkipWrapper()
    {
        var length = Wrapper().Match(line, End, to - End).Length;
        End += length;
        return length > 0;
    }

    private bool SkipNumber()
    {
        var match = NumberBefore().Match(line, End, to - End);
        if (!match.Success)
            return false;
        if (int.TryParse(match.Groups["number"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var value))
            Number ??= value;
        End += match.Length;
        return true;
    }

    private bool SkipWord()
    {
        var word = Word().Match(line, End, to - End).Value;
        var isLabel = Labels.Contains(word);
        if (!(isLabel || OrderWords.Contains(word)) || names.IsAction(word))
            return false;
        HasWords |= !isLabel;
        End += word.Length;
        return true;
    }

    [GeneratedRegex(@"\G(?:\\(?:boxed|text[a-z]*|math[a-z]+)\s*\{|\\[\[(]|<[A-Za-z_]+>)")]
    private static partial Regex Wrapper();

    [GeneratedRegex(@"\G(?:\((?<number>\d+)\)|(?<number>\d+(?:\.\d+)*)(?=[\s.):\]|,""*-]|$)\)?)", RegexOptions.ExplicitCapture)]
    private static partial Regex NumberBefore();

    [GeneratedRegex(@"\G[A-Za-z]+(?![A-Za-z(_-])")]
    private static partial Regex Word();
}
