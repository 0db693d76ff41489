using System.Collections.Immutable;
using Outerloop.Planning.Pddl;
using Outerloop.Planning.Pddl.Syntax;
using Outerloop.Planning.Validation.Lenient;

namespace Outerloop.Planning.Validation;

/// <summary>
/// Finds the plan in text that a language model wrote. It goes by lines and by fixed rules, never invents a step, and
/// says what it passed over:
/// <list type="number">
/// <item><c>&lt;think&gt;</c> sections are not read.</item>
/// <item>If code blocks hold steps, the last such block is the plan.</item>
/// <item>Else the plan begins after the last line that announces one ("Final plan:") and is followed by steps.</item>
/// <item>Within that, numbering that starts anew at 0 or 1 begins the plan anew.</item>
/// <item>Of what is left, each line made of steps counts, see <see cref="StepLineScanner"/>; other lines are prose.</item>
/// </list>
/// A step that is cut short makes the plan malformed, and so does a text without any step.
/// </summary>
public static class LenientPlanReader
{
    /// <summary>In characters; some hundred times what a language model writes in one answer.</summary>
    public const int LongestText = 1 << 23;

    private const int ExcerptLength = 80;

    public static LenientReading Read(SourceText source)
    {
        if (source.Text.Length > LongestText)
            return TooLong(source);
        var original = TextLine.Split(source.Text);
        var lines = TextLine.Split(ThinkingSections.Blanked(source.Text)).Select((line, i) => LenientLine.Read(line.Text, i + 1)).ToArray();
        var (from, to, reason) = Region(lines);
        var skipped = new SkippedLines(original);
        var steps = ImmutableArray.CreateBuilder<PlanStep>();
        var broken = -1;
        for (var i = 0; i < lines.Length; i++)
        {
            var inside = i >= from && i < to;
            if (inside && lines[i].Kind == LineKind.Steps)
                steps.AddRange(lines[i].Steps);
            else if (inside && lines[i].Kind == LineKind.Broken && broken < 0)
                broken = original[i].Start;
            if (WhySkipped(lines[i], inside, reason, original[i].Text) is { } why)
                skipped.Add(i, why);
        }

        return new LenientReading(Result(source, steps.ToImmutable(), broken), skipped.ToImmutable());
    }

    private static LenientReading TooLong(SourceText source)
    {
        var errors = new DiagnosticBag(source);
        errors.Add(Reasons.TooLarge, 0, $"the text has more than {LongestText} characters, which is no answer of a language model");
        return new LenientReading(new Reading<Plan>(null, errors.ToDiagnostics()), []);
    }

    private static Reading<Plan> Result(SourceText source, ImmutableArray<PlanStep> steps, int brokenAt)
    {
        var errors = new DiagnosticBag(source);
        if (brokenAt >= 0)
            errors.Add("missing-parenthesis", brokenAt, "a step on this line is cut short");
        else if (steps.IsEmpty)
            errors.Add("no-plan", 0, "the text holds no step '(action object …)' on a line of its own");
        return new Reading<Plan>(errors.IsEmpty ? new Plan(steps) : null, errors.ToDiagnostics());
    }

    /// <summary>The lines that hold the plan, and why those outside are passed over.</summary>
    private static (int From, int To, SkipReason Outside) Region(LenientLine[] lines)
    {
        var (from, to, reason) = LastCodeBlock(lines) is var (start, end)
            ? (start, end, SkipReason.OutsideCodeBlock)
            : (AfterLastAnnouncement(lines), lines.Length, SkipReason.EarlierAttempt);
        return (LastRestart(lines, from, to), to, reason);
    }

    private static (int From, int To)? LastCodeBlock(LenientLine[] lines)
    {
        (int, int)? found = null;
        var open = -1;
        for (var i = 0; i <= lines.Length; i++)
        {
            if (i < lines.Length && lines[i].Kind != LineKind.Fence)
                continue;
            if (open >= 0 && HasSteps(lines, open + 1, i))
                found = (open + 1, i);
            open = open >= 0 ? -1 : i;
        }

        return found;
    }

    private static int AfterLastAnnouncement(LenientLine[] lines)
    {
        var hasSteps = false;
        for (var i = lines.Length - 1; i >= 0; i--)
        {
            if (lines[i].Kind == LineKind.Announcement && hasSteps)
                return i + 1;
            hasSteps |= lines[i].Kind is LineKind.Steps or LineKind.Broken;
        }

        return 0;
    }

    /// <summary>Where the last numbering begins; <paramref name="from"/> if steps are not numbered throughout.</summary>
    private static int LastRestart(LenientLine[] lines, int from, int to)
    {
        var last = from;
        int? before = null;
        for (var i = from; i < to; i++)
        {
            if (lines[i].Kind != LineKind.Steps)
                continue;
            if (lines[i].Number is not { } number)
                return from;
            if (number <= 1 && before > number)
                last = i;
            before = number;
        }

        return last;
    }

    private static bool HasSteps(LenientLine[] lines, int from, int to) =>
        lines.AsSpan(from, to - from).ContainsKind(LineKind.Steps) || lines.AsSpan(from, to - from).ContainsKind(LineKind.Broken);

    private static bool ContainsKind(this ReadOnlySpan<LenientLine> lines, LineKind kind)
    {
        foreach (var line in lines)
        {
            if (line.Kind == kind)
                return true;
        }

        return false;
    }

    private static bool ContainsKind(this Span<LenientLine> lines, LineKind kind) => ((ReadOnlySpan<LenientLine>)lines).ContainsKind(kind);

    private static SkipReason? WhySkipped(LenientLine line, bool inside, SkipReason outside, string original) => line.Kind switch
    {
        LineKind.Blank => string.IsNullOrWhiteSpace(original) ? null : SkipReason.Thinking,
        LineKind.Fence => null,
        LineKind.Steps when inside => line.HasRemark ? SkipReason.Remark : null,
        LineKind.Steps or LineKind.Broken when !inside => outside,
        _ => SkipReason.Prose,
    };

    /// <summary>Joins neighbouring lines that are passed over for the same reason.</summary>
    private sealed class SkippedLines(List<TextLine> lines)
    {
        private readonly ImmutableArray<SkippedText>.Builder found = ImmutableArray.CreateBuilder<SkippedText>();

        public void Add(int index, SkipReason reason)
        {
            if (found.Count > 0 && found[^1].Reason == reason && found[^1].LastLine == index)
                found[^1] = found[^1] with { LastLine = index + 1 };
            else
                found.Add(new SkippedText(index + 1, index + 1, Excerpt(lines[index].Text.Trim()), reason));
        }

        public ImmutableArray<SkippedText> ToImmutable() => found.ToImmutable();

        private static string Excerpt(string line) => line.Length <= ExcerptLength ? line : $"{line[..ExcerptLength]}…";
    }
}
