using System.Collections.Immutable;
using System.Globalization;
using Outerloop.Planning.Pddl.Syntax;

namespace Outerloop.Planning.Validation.Lenient;

/// <summary>
/// Reads a line as steps: after list markers, numbers and quotes, one or more of <c>(action a b)</c>, <c>(action a, b)</c>
/// or <c>action(a, b)</c>, and then nothing or a remark behind a separator. A line of any other form is prose as a whole,
/// so that "(pickup b1) is not possible" yields no step.
/// </summary>
internal sealed class StepLineScanner(string line, int lineNumber)
{
    private static readonly string[] StepWords = ["step", "action"];

    private static readonly string[] Separators = [";", "#", "//", "->", "→", "-", "–", "—", ":"];

    private readonly List<PlanStep> steps = [];
    private int position;
    private int? number;

    public LenientLine Scan()
    {
        SkipMarkers();
        while (position < line.Length)
        {
            var start = position;
            if (line[position] == '(' ? !ReadStep(call: false) : !StartsCall() || !ReadStep(call: true))
            {
                if (IsBroken(start))
                    return LenientLine.Broken;
                position = start;
                break;
            }

            SkipAny(" \t,`*\"'");
        }

        var tail = line.AsSpan(position).Trim();
        var rest = tail.Trim(" \t.,;`*\"'");
        if (steps.Count == 0 || (!rest.IsEmpty && !StartsRemark(tail)))
            return LenientLine.Prose;
        return new LenientLine(LineKind.Steps, [.. steps], number, HasRemark: !rest.IsEmpty);
    }

    /// <summary>Bullets, quotes, emphasis, and one number with or without "Step" before it.</summary>
    private void SkipMarkers()
    {
        SkipAny(" \t*-+•>#`\"'|\uFEFF");
        foreach (var word in StepWords)
        {
            var after = line.AsSpan(Math.Min(position + word.Length, line.Length)).TrimStart();
            if (line.AsSpan(position).StartsWith(word, StringComparison.OrdinalIgnoreCase) && !after.IsEmpty && char.IsAsciiDigit(after[0]))
                position = line.Length - after.Length;
        }

        SkipNumber();
        SkipAny(" \t*`\"'");
    }

    private void SkipNumber()
    {
        var digits = position;
        while (digits < line.Length && (char.IsAsciiDigit(line[digits]) || (line[digits] == '.' && digits + 1 < line.Length && char.IsAsciiDigit(line[digits + 1]))))
            digits++;
        if (digits == position || digits >= line.Length || line[digits] is not ('.' or ')' or ':'))
            return;
        if (int.TryParse(line.AsSpan(position, digits - position), NumberStyles.None, CultureInfo.InvariantCulture, out var value))
            number = value;
        position = digits + 1;
    }

    private bool StartsCall()
    {
        if (!char.IsAsciiLetter(line[position]))
            return false;
        var length = Characters.NameLength(line.AsSpan(position));
        return position + length < line.Length && line[position + length] == '(';
    }

    /// <summary>Reads names up to the parenthesis; in a call the first name stands before it.</summary>
    private bool ReadStep(bool call)
    {
        var column = position + 1;
        var names = ImmutableArray.CreateBuilder<string>();
        if (call)
            ReadName(names);
        position++;
        while (position < line.Length && line[position] != ')')
        {
            if (line[position] is ' ' or '\t' or ',')
                position++;
            else if (!Characters.StartsName(line[position]) || !ReadName(names))
                return false;
        }

        if (position >= line.Length || names.Count == 0 || !char.IsAsciiLetter(names[0][0]))
            return false;
        position++;
        steps.Add(new PlanStep(names[0], [.. names.Skip(1)], lineNumber, column));
        return true;
    }

    private bool ReadName(ImmutableArray<string>.Builder names)
    {
        var length = Characters.NameLength(line.AsSpan(position));
        names.Add(line.Substring(position, length));
        position += length;
        return true;
    }

    /// <summary>An open parenthesis followed by nothing but names to the end of the line: a step cut short.</summary>
    private bool IsBroken(int start)
    {
        if (line[start] != '(' || start + 1 >= line.Length || !char.IsAsciiLetter(line[start + 1]))
            return false;
        foreach (var c in line.AsSpan(start + 1).Trim())
        {
            if (!(c is ' ' or '\t' or ',' || Characters.NameLength([c]) == 1))
                return false;
        }

        return true;
    }

    private void SkipAny(string characters)
    {
        while (position < line.Length && characters.Contains(line[position]))
            position++;
    }

    private static bool StartsRemark(ReadOnlySpan<char> rest)
    {
        foreach (var separator in Separators)
        {
            if (rest.StartsWith(separator, StringComparison.Ordinal))
                return true;
        }

        // A duration, as planners write it after a step with a time.
        return rest[0] == '[' && rest[^1] == ']';
    }
}
