using System.Buffers;
using Outerloop.Planning.Pddl;
using Outerloop.Planning.Pddl.Syntax;

namespace Outerloop.Planning.Validation;

/// <summary>Finds one step after another in the text of a plan, without copying anything of it; stops at the first error.</summary>
internal sealed class PlanScanner(SourceText source)
{
    /// <summary>More than any plan has; they bound what a hostile text takes of memory.</summary>
    public const int MostSteps = 1 << 22;
    public const int MostNames = 1 << 24;

    private static readonly SearchValues<char> NumberPart = SearchValues.Create("0123456789.");

    private readonly string text = source.Text;
    private readonly List<Range> names = [];
    private long namesRead;
    private int position = source.Text.StartsWith('\uFEFF') ? 1 : 0;
    private int line = 1;
    private int lineStart;
    private bool? timed;

    public DiagnosticBag Errors { get; } = new(source);

    /// <summary>How many steps were found.</summary>
    public int Count { get; private set; }

    /// <summary>Where the step starts, its time included.</summary>
    public int Start { get; private set; }

    /// <summary>The 1-based line of the step's parenthesis.</summary>
    public int Line { get; private set; }

    /// <summary>The 1-based column of the step's parenthesis.</summary>
    public int Column { get; private set; }

    public Number? Time { get; private set; }

    /// <summary>How many objects the action is applied to.</summary>
    public int Arity => names.Count - 1;

    /// <summary>The action's name, then those of its objects, from 1 on.</summary>
    public ReadOnlySpan<char> Name(int index) => text.AsSpan(names[index]);

    /// <summary>Goes to the step at <paramref name="start"/> next, where one was found before; lines are no longer counted.</summary>
    public void MoveTo(int start) => position = start;

    /// <summary>Reads the next step; false at the end of the text or at an error.</summary>
    public bool MoveNext()
    {
        SkipBlanks();
        if (position >= text.Length)
            return false;
        var start = Start = position;
        Number? time = null;
        if (text[position] != '(' && !TryReadTime(out time))
            return Fail("expected-step", start, $"expected a step '(action object …)', found {Characters.Show(text[start])}");
        if (timed is { } before && before != time is not null)
            return Fail("mixed-times", start, "either all steps have a time or none has");
        timed = time is not null;
        return ReadStep(time);
    }

    private bool ReadStep(Number? time)
    {
        var open = position;
        (Time, Line, Column) = (time, line, position - lineStart + 1);
        position++;
        names.Clear();
        while (true)
        {
            SkipBlanks();
            if (position >= text.Length)
                return Fail("missing-parenthesis", open, "this '(' is never closed");
            if (text[position] == ')')
                break;
            if (!ReadName())
                return false;
        }

        position++;
        if (names.Count == 0)
            return Fail("empty-step", open, "a step needs the name of an action");
        return SkipDuration() && (++Count <= MostSteps || Fail(Reasons.TooLarge, open, $"the plan has more than {MostSteps} steps"));
    }

    private bool ReadName()
    {
        if (Characters.StartsName(text[position]))
        {
            var length = Characters.NameLength(text.AsSpan(position));
            names.Add(position..(position + length));
            position += length;
            return ++namesRead <= MostNames || Fail(Reasons.TooLarge, position, $"the plan has more than {MostNames} names");
        }

        return Fail("expected-name", position, $"expected a name or ')', found {Characters.Show(text[position])}");
    }

    /// <summary>A number and a colon before the parenthesis of the step.</summary>
    private bool TryReadTime(out Number? time)
    {
        time = null;
        var length = text.AsSpan(position).IndexOfAnyExcept(NumberPart);
        if (length <= 0 || !Number.TryParse(text.AsSpan(position, length), out var number))
            return false;
        position += length;
        SkipBlanks();
        if (!TrySkip(':'))
            return false;
        SkipBlanks();
        time = number;
        return position < text.Length && text[position] == '(';
    }

    private bool SkipDuration()
    {
        SkipBlanks();
        var start = position;
        if (!TrySkip('['))
            return true;
        SkipBlanks();
        var length = Math.Max(0, text.AsSpan(position).IndexOfAnyExcept(NumberPart));
        var good = Number.TryParse(text.AsSpan(position, length), out _);
        position += length;
        SkipBlanks();
        return (good && TrySkip(']')) || Fail("bad-duration", start, "a duration is a number in brackets");
    }

    private bool TrySkip(char c)
    {
        if (position >= text.Length || text[position] != c)
            return false;
        position++;
        return true;
    }

    private void SkipBlanks()
    {
        for (; position < text.Length; position++)
        {
            var c = text[position];
            if (c is '\n' or '\r')
                CountLine(c);
            else if (c == ';')
                position = EndOfComment() - 1;
            else if (!Characters.IsBlank(c))
                return;
        }
    }

    private void CountLine(char c)
    {
        if (c == '\r' || position == 0 || text[position - 1] != '\r')
            line++;
        lineStart = position + 1;
    }

    private int EndOfComment()
    {
        var length = text.AsSpan(position).IndexOfAny('\r', '\n');
        return length < 0 ? text.Length : position + length;
    }

    private bool Fail(string code, int offset, string message)
    {
        Errors.Add(code, offset, message);
        return false;
    }
}
