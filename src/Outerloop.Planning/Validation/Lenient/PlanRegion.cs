namespace Outerloop.Planning.Validation.Lenient;

/// <summary>The lines that hold the plan, and why those outside of them are passed over.</summary>
/// <param name="From">0-based, inclusive.</param>
/// <param name="To">0-based, exclusive.</param>
/// <param name="Outside">Why steps outside do not count.</param>
internal readonly record struct PlanRegion(int From, int To, SkipReason Outside)
{
    public static PlanRegion Of(LenientLine[] lines) => LastCodeBlock(lines) is var (start, end)
        ? new PlanRegion(start, end, SkipReason.OutsideCodeBlock)
        : new PlanRegion(AfterLastAnnouncement(lines), lines.Length, SkipReason.EarlierAttempt);

    public bool Holds(int line) => line >= From && line < To;

    /// <summary>The rest of the region from where the last numbering begins; all of it if steps are not numbered throughout.</summary>
    public PlanRegion AfterLastRestart(LenientLine[] lines)
    {
        var last = From;
        int? before = null;
        for (var i = From; i < To; i++)
        {
            if (lines[i].Kind != LineKind.Steps)
                continue;
            if (lines[i].Number is not { } number)
                return this;
            if (number <= 1 && before > number)
                last = i;
            before = number;
        }

        return this with { From = last };
    }

    private static (int From, int To)? LastCodeBlock(LenientLine[] lines)
    {
        (int, int)? found = null;
        var open = -1;
        for (var i = 0; i <= lines.Length; i++)
        {
            if (i < lines.Length && lines[i].Kind is not (LineKind.Fence or LineKind.NamedFence))
                continue;
            if (open >= 0 && Array.Exists(lines[(open + 1)..i], IsStep))
                found = (open + 1, i);
            open = open >= 0 && i < lines.Length && lines[i].Kind == LineKind.Fence ? -1 : i;
        }

        return found;
    }

    private static int AfterLastAnnouncement(LenientLine[] lines)
    {
        var hasSteps = false;
        for (var i = lines.Length - 1; i >= 0; i--)
        {
            if (lines[i].Announces)
                return i;
            if (lines[i].Kind == LineKind.Announcement && hasSteps)
                return i + 1;
            hasSteps |= IsStep(lines[i]);
        }

        return 0;
    }

    private static bool IsStep(LenientLine line) => line.Kind is LineKind.Steps or LineKind.Broken;
}
