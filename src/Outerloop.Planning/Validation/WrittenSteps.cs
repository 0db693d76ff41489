using System.Runtime.InteropServices;
using Outerloop.Planning.Pddl;

namespace Outerloop.Planning.Validation;

/// <summary>
/// The steps of a plan that is kept as its text only: the text is checked once, and read again step by step. Where steps
/// have times, those are sorted first.
/// </summary>
internal sealed class WrittenSteps : IStepSequence
{
    private readonly PlanScanner scanner;
    private readonly TimedStep[]? timed;
    private int index = -1;

    private WrittenSteps(SourceText source, TimedStep[]? timed)
    {
        scanner = new PlanScanner(source);
        this.timed = timed;
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct TimedStep(Number Time, int Start);

    public int Arity => scanner.Arity;

    public bool IsJoinedByNext => timed is not null && index + 1 < timed.Length && timed[index].Time == timed[index + 1].Time;

    /// <summary>Reads the text strictly, see <see cref="PlanReader"/>.</summary>
    public static Reading<WrittenSteps> Read(SourceText source)
    {
        var all = new PlanScanner(source);
        while (all.MoveNext())
        {
        }

        return all.Errors.IsEmpty
            ? new Reading<WrittenSteps>(new WrittenSteps(source, all.Time is null ? null : ByTime(source, all.Count)), [])
            : new Reading<WrittenSteps>(null, all.Errors.ToDiagnostics());
    }

    public bool MoveNext()
    {
        if (timed is not null)
        {
            if (++index == timed.Length)
                return false;
            scanner.MoveTo(timed[index].Start);
        }

        return scanner.MoveNext();
    }

    public ReadOnlySpan<char> Name(int index) => scanner.Name(index);

    /// <summary>Steps of the same time stay in the order of the text.</summary>
    private static TimedStep[] ByTime(SourceText source, int count)
    {
        var all = new PlanScanner(source);
        var steps = new TimedStep[count];
        for (var i = 0; all.MoveNext(); i++)
            steps[i] = new TimedStep(all.Time!.Value, all.Start);
        Array.Sort(steps, (a, b) => a.Time.CompareTo(b.Time) is not 0 and var order ? order : a.Start.CompareTo(b.Start));
        return steps;
    }
}
