using System.Collections.Immutable;

namespace Outerloop.Planning.Validation.Lenient;

/// <summary>Reads a stretch of a line, the line's number being 1-based; see the two implementations.</summary>
internal delegate LenientLine StepReading(string line, int from, int to, int lineNumber, PlanNames names);

/// <summary>
/// Says what one line is. Steps may fill the line, a cell of a table's row, the strings of a JSON array, or what follows an
/// announcement ("Here is the plan: …").
/// </summary>
internal sealed class LineReader(string line, int number, PlanNames names, StepReading read)
{
    public static LenientLine Read(string line, int number, PlanNames names, StepReading read) =>
        new LineReader(line, number, names, read).Read();

    private LenientLine Read()
    {
        var text = line.AsSpan().Trim();
        if (text.IsEmpty)
            return LenientLine.Blank;
        if (FenceOf(text) is { } fence)
            return fence;
        if (text[0] == '|' && text[1..].Contains('|'))
            return TableRow();
        var found = Stretch(0);
        if (found.Kind != LineKind.Prose)
            return found;
        if (Announcement.End(line) is { } end && Stretch(end) is { Kind: LineKind.Steps } steps && names.IsAction(steps.Steps[0].Action))
            return steps with { Announces = true };
        return Announcement.Is(text) ? LenientLine.Announcement : found;
    }

    /// <summary>A code block's edge; three backticks on both sides of something on one line are emphasis.</summary>
    private static LenientLine? FenceOf(ReadOnlySpan<char> text)
    {
        if (!text.StartsWith("```") && !text.StartsWith("~~~"))
            return null;
        var language = text.TrimStart("`~");
        if (language.ContainsAny('(', '`', '~'))
            return null;
        return language.IsEmpty ? LenientLine.Fence : LenientLine.NamedFence;
    }

    private LenientLine Stretch(int from)
    {
        var whole = read(line, from, line.Length, number, names);
        return whole.Kind == LineKind.Prose ? JsonArray(from) ?? whole : whole;
    }

    /// <summary>The one cell of the row that holds steps of declared actions.</summary>
    private LenientLine TableRow()
    {
        int? row = null;
        LenientLine? found = null;
        for (var from = line.IndexOf('|', StringComparison.Ordinal) + 1; from < line.Length;)
        {
            var to = line.IndexOf('|', from);
            to = to < 0 ? line.Length : to;
            if (int.TryParse(line.AsSpan(from, to - from).Trim(" .*"), out var counted))
                row ??= counted;
            var cell = read(line, from, to, number, names);
            from = to + 1;
            if (cell.Kind is not (LineKind.Steps or LineKind.Broken) || !cell.Steps.All(s => names.IsAction(s.Action)))
                continue;
            if (found is not null)
                return LenientLine.Prose;
            found = cell;
        }

        return found is null ? LenientLine.Prose : found with { Number = found.Number ?? row, HasRemark = false };
    }

    /// <summary><c>["…", "…"]</c> where each string is a step; null if the line is anything else.</summary>
    private LenientLine? JsonArray(int from)
    {
        var end = line.LastIndexOf(']');
        var position = line.IndexOf('[', from) + 1;
        if (position == 0 || end < position || line.AsSpan(from, position - 1 - from).ContainsAnyInRange('A', 'z'))
            return null;
        var steps = ImmutableArray.CreateBuilder<PlanStep>();
        while (NextString(ref position, end) is var (start, length))
        {
            var element = read(line, start, start + length, number, names);
            if (element.Kind != LineKind.Steps || element.HasRemark)
                return null;
            steps.AddRange(element.Steps);
        }

        return position < end || steps.Count == 0 ? null : new LenientLine(LineKind.Steps, steps.ToImmutable());
    }

    /// <summary>The next string before <paramref name="end"/>; null at the end, or where something else stands.</summary>
    private (int Start, int Length)? NextString(ref int position, int end)
    {
        while (position < end && line[position] is ' ' or '\t' or ',')
            position++;
        if (position >= end || line[position] is not ('"' or '\''))
            return null;
        var start = position + 1;
        var close = line.IndexOf(line[position], start, end - start);
        if (close < 0)
            return null;
        position = close + 1;
        return (start, close - start);
    }
}
