using System.Collections.Immutable;
using Outerloop.Planning.Pddl;
using Outerloop.Planning.Pddl.Syntax;

namespace Outerloop.Planning.Validation.Lenient;

/// <summary>
/// Finds the plan in text that a language model wrote. It goes by lines and by fixed rules, never invents a step, and
/// says what it passed over:
/// <list type="number">
/// <item>Sections of reasoning are not read, see <see cref="AnswerText"/>.</item>
/// <item>If code blocks hold steps, the last such block is the plan.</item>
/// <item>Else the plan begins after the last line that announces one and is followed by steps, see <see cref="Announcement"/>.</item>
/// <item>If what is left is a plan by the strict rules, it is read by them, see <see cref="PlanReader"/>.</item>
/// <item>Else numbering that starts anew at 0 or 1 begins the plan anew, and each line made of steps counts, see
/// <see cref="LineReader"/> and <see cref="StepScanner"/>; other lines are prose.</item>
/// <item>Where no declared action stands in parentheses, steps without them are read, see <see cref="BareStepScanner"/>.</item>
/// </list>
/// A step that is cut short makes the plan malformed, and so does a text without any step.
/// </summary>
internal static class LenientPlanReader
{
    /// <summary>In characters; some hundred times what a language model writes in one answer.</summary>
    public const int LongestText = 1 << 23;

    public static LenientReading Read(SourceText source, PlanNames names)
    {
        if (source.Text.Length > LongestText)
            return new LenientReading(Failed(source, Reasons.TooLarge, 0, $"the text has more than {LongestText} characters, which is no answer of a language model"), []);
        var text = new SourceText(source.File, AnswerText.Prepared(source.Text));
        if (ReadStrictly(text, text.Text) is { } whole)
            return new LenientReading(whole, Skipped(source, TextLine.Split(text.Text), (_, line) => line.AsSpan().IsWhiteSpace() ? SkipReason.Thinking : null));
        return ReadLines(source, text, names);
    }

    private static LenientReading ReadLines(SourceText source, SourceText text, PlanNames names)
    {
        var split = TextLine.Split(text.Text);
        var lines = Classify(split, names);
        var region = PlanRegion.Of(lines);
        var strict = ReadStrictly(source, AnswerText.Only(text.Text, Start(region.From), Start(region.To)));
        if (strict is null)
            region = region.AfterLastRestart(lines);
        var reading = strict ?? Assemble(source, split, lines, region);
        return new LenientReading(reading, Skipped(source, split, (i, _) => Why(lines[i], region.Holds(i), strict is not null, region.Outside)));

        int Start(int line) => line < split.Count ? split[line].Start : text.Text.Length;
    }

    /// <summary>Lines of steps in parentheses; without any, those of steps without, if there are any.</summary>
    private static LenientLine[] Classify(List<TextLine> split, PlanNames names)
    {
        var lines = Classified(StepScanner.Scan);
        if (Array.Exists(lines, l => l.Kind == LineKind.Broken || l.Steps.Any(s => names.IsAction(s.Action))))
            return lines;
        var bare = Classified(BareStepScanner.Scan);
        return Array.Exists(bare, l => l.Kind is LineKind.Steps or LineKind.Broken) ? bare : lines;

        LenientLine[] Classified(StepReading read) => [.. split.Select((line, i) => LineReader.Read(line.Text, i + 1, names, read))];
    }

    /// <summary>The plan, where the text is one; null where it is not, holds no step, or "(1)" is a number rather than a step.</summary>
    private static Reading<Plan>? ReadStrictly(SourceText source, string text)
    {
        var reading = PlanReader.Read(source with { Text = text });
        return reading is { Ok: true, Value.Steps: { IsEmpty: false } steps } && steps.All(s => char.IsAsciiLetter(s.Action[0])) ? reading : null;
    }

    private static Reading<Plan> Assemble(SourceText source, List<TextLine> split, LenientLine[] lines, PlanRegion region)
    {
        var broken = Array.FindIndex(lines, region.From, region.To - region.From, line => line.Kind == LineKind.Broken);
        if (broken >= 0)
            return Failed(source, "broken-step", split[broken].Start, "this line begins like a step and is none: it is cut short, or its objects are too many, too few or unknown");
        var steps = lines[region.From..region.To].SelectMany(line => line.Steps).ToImmutableArray();
        return steps.IsEmpty
            ? Failed(source, "no-plan", 0, "the text holds no step '(action object …)' on a line of its own")
            : new Reading<Plan>(new Plan(steps), []);
    }

    private static Reading<Plan> Failed(SourceText source, string code, int offset, string message)
    {
        var errors = new DiagnosticBag(source);
        errors.Add(code, offset, message);
        return new Reading<Plan>(null, errors.ToDiagnostics());
    }

    private static ImmutableArray<SkippedText> Skipped(SourceText source, List<TextLine> split, Func<int, string, SkipReason?> why)
    {
        var original = TextLine.Split(source.Text);
        var skipped = new SkippedLines(original);
        for (var i = 0; i < split.Count; i++)
        {
            if (!string.IsNullOrWhiteSpace(original[i].Text) && why(i, split[i].Text) is { } reason)
                skipped.Add(i, reason);
        }

        return skipped.ToImmutable();
    }

    private static SkipReason? Why(LenientLine line, bool inside, bool strict, SkipReason outside) => line.Kind switch
    {
        LineKind.Blank => SkipReason.Thinking,
        _ when inside && strict => null,
        LineKind.Fence or LineKind.NamedFence => null,
        LineKind.Steps when inside => line.HasRemark ? SkipReason.Remark : null,
        LineKind.Steps or LineKind.Broken when !inside => outside,
        _ => SkipReason.Prose,
    };
}
