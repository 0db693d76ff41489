using System.Collections.Immutable;
using Outerloop.Planning.Pddl.Syntax;

namespace Outerloop.Planning.Validation.Lenient;

/// <summary>
/// Reads a stretch of a line as steps: after a <see cref="LeadIn"/> one or more of <c>(action a b)</c>,
/// <c>(action a, b)</c> or <c>action(a, b)</c>, and then nothing or a remark behind a separator. A stretch of any other
/// form is prose as a whole, so that "(pickup b1) is not possible" yields no step.
/// </summary>
internal sealed class StepScanner
{
    private static readonly string[] Comments = [";", "#", "//"];

    private static readonly string[] Connectors = ["->", "=>", "→", "-", "–", "—", ":", "then ", "and "];

    private readonly string line;
    private readonly int to;
    private readonly int lineNumber;
    private readonly PlanNames names;
    private readonly LeadIn leadIn;
    private readonly ImmutableArray<PlanStep>.Builder steps = ImmutableArray.CreateBuilder<PlanStep>();
    private int position;

    private StepScanner(string line, int from, int to, int lineNumber, PlanNames names)
    {
        (this.line, this.to, this.lineNumber, this.names) = (line, to, lineNumber, names);
        leadIn = LeadIn.Read(line, from, to, names);
        position = leadIn.End;
    }

    public static LenientLine Scan(string line, int from, int to, int lineNumber, PlanNames names) =>
        new StepScanner(line, from, to, lineNumber, names).Scan();

    private LenientLine Scan()
    {
        if (leadIn.HasWords && !names.IsAction(NameAt(position)))
            return LenientLine.Prose;
        while (position < to)
        {
            var start = position;
            if (!ReadStep())
            {
                if (IsCutShort(start))
                    return LenientLine.Broken;
                position = start;
                break;
            }

            SkipBetween();
        }

        var tail = line.AsSpan(position, to - position).Trim();
        var hasRemark = tail.IndexOfAnyInRange('0', '9') >= 0 || tail.ContainsAnyInRange('A', 'Z') || tail.ContainsAnyInRange('a', 'z');
        hasRemark &= !(tail.StartsWith("</") && tail.EndsWith(">"));
        if (steps.Count == 0 || (hasRemark && !StartsRemark(tail)))
            return LenientLine.Prose;
        return new LenientLine(LineKind.Steps, steps.ToImmutable(), leadIn.Number, hasRemark);
    }

    /// <summary>Reads names up to the parenthesis; in a call the first name stands before it.</summary>
    private bool ReadStep()
    {
        var column = position + 1;
        var words = ImmutableArray.CreateBuilder<string>();
        if (line[position] != '(' && !ReadName(words))
            return false;
        if (position >= to || line[position] != '(')
            return false;
        position++;
        while (position < to && line[position] != ')')
        {
            if (line[position] is ' ' or '\t' or ',')
                position++;
            else if (!ReadName(words))
                return false;
        }

        if (position >= to || words.Count == 0 || !char.IsAsciiLetter(words[0][0]))
            return false;
        position++;
        steps.Add(new PlanStep(words[0], [.. words.Skip(1)], lineNumber, column));
        return true;
    }

    private bool ReadName(ImmutableArray<string>.Builder words)
    {
        if (!Characters.StartsName(line[position]))
            return false;
        var length = Characters.NameLength(line.AsSpan(position, to - position));
        words.Add(line.Substring(position, length));
        position += length;
        return true;
    }

    /// <summary>Whether an action's name stands here with a parenthesis on either side, and none closes it.</summary>
    private bool IsCutShort(int start) => names.IsAction(NameAt(start)) && !line.AsSpan(start, to - start).Contains(')');

    /// <summary>The name of the step that begins here, as <c>(name</c> or <c>name(</c>; empty if none does.</summary>
    private string NameAt(int start)
    {
        if (start >= to)
            return "";
        var from = start + (line[start] == '(' ? 1 : 0);
        while (from > start && from < to && line[from] == ' ')
            from++;
        var end = from + Characters.NameLength(line.AsSpan(from, to - from));
        return from > start || (end < to && line[end] == '(') ? line[from..end] : "";
    }

    /// <summary>Moves to the next step of a chain; only a declared action tells a chain from a remark.</summary>
    private void SkipBetween()
    {
        SkipAny(" \t,`*\"'");
        var rest = line.AsSpan(position, to - position);
        foreach (var connector in Connectors)
        {
            if (!rest.StartsWith(connector, StringComparison.Ordinal))
                continue;
            var before = position;
            position += connector.Length;
            SkipAny(" \t`*\"'");
            if (!names.IsAction(NameAt(position)))
                position = before;
            return;
        }
    }

    private void SkipAny(string characters)
    {
        while (position < to && characters.Contains(line[position], StringComparison.Ordinal))
            position++;
    }

    /// <summary>A comment, something behind a connector, or a duration as planners write it.</summary>
    private static bool StartsRemark(ReadOnlySpan<char> tail)
    {
        foreach (var separator in Comments.Concat(Connectors))
        {
            if (tail.StartsWith(separator, StringComparison.Ordinal) && !char.IsAsciiLetter(separator[0]))
                return true;
        }

        return tail[0] == '[' && tail[^1] == ']';
    }
}
