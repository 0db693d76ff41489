using Outerloop.Planning.Validation;
using Outerloop.Storage;
using Outerloop.Tasks;
using Outerloop.Traces;

namespace Outerloop.Evaluation;

/// <summary>What the store knows of one generation, reduced to what the figures need.</summary>
internal sealed class GenerationScores
{
    private readonly Dictionary<Measure, SortedDictionary<TaskId, TaskScore>> _scores;

    private GenerationScores(GenerationRecord record, Dictionary<Measure, SortedDictionary<TaskId, TaskScore>> scores)
    {
        Record = record;
        _scores = scores;
    }

    public GenerationRecord Record { get; }

    /// <summary>Of the pool.</summary>
    public required PlanLengths PlanLengths { get; init; }

    /// <summary>Of the held-out tasks, three samples each.</summary>
    public required PlanLengths HeldOutPlanLengths { get; init; }

    /// <summary>The valid plans on the pool, in the store's order.</summary>
    public required IReadOnlyList<(TaskId Task, Plan Plan)> Plans { get; init; }

    /// <summary>The longest valid plan on the pool and the first trace there that is not valid, where there are such.</summary>
    public required IReadOnlyList<Trace> Examples { get; init; }

    /// <summary>Mean steps of the valid samples of each held-out and larger task that has some.</summary>
    public required IReadOnlyDictionary<TaskId, double> SolvedSteps { get; init; }

    /// <summary>Of the held-out tasks.</summary>
    public required IReadOnlyList<PassPoint> PassCurve { get; init; }

    public SortedDictionary<TaskId, TaskScore> this[Measure measure] => _scores[measure];

    /// <param name="record">Of the generation.</param>
    /// <param name="traces">All of its traces.</param>
    /// <param name="read">Reads the plan of a valid trace.</param>
    public static GenerationScores Of(GenerationRecord record, GenerationTraces traces, Func<Trace, Plan> read)
    {
        List<Trace> heldOut = [.. traces.HeldOut.Where(trace => trace.Id.Mode == SampleMode.Sampled)];
        return new GenerationScores(record, Measure.All.ToDictionary(measure => measure, measure => measure.Of(traces.Of(measure.Set))))
        {
            Examples = [.. ExamplesOf(traces.Pool)],
            PlanLengths = PlanLengths.Of(traces.Pool),
            HeldOutPlanLengths = PlanLengths.Of(heldOut),
            SolvedSteps = StepsOf(traces.HeldOut.Concat(traces.Larger)),
            Plans = [.. traces.Pool.Where(trace => trace.Outcome == Outcome.Valid).Select(trace => (trace.Id.Task, read(trace)))],
            PassCurve = PassAtK.Curve(TaskScore.Of(heldOut.Concat(traces.HeldOutExtra)).Values),
        };
    }

    private static Dictionary<TaskId, double> StepsOf(IEnumerable<Trace> traces) =>
        traces.Where(trace => trace is { Outcome: Outcome.Valid, Id.Mode: SampleMode.Sampled })
            .GroupBy(trace => trace.Id.Task)
            .ToDictionary(task => task.Key, task => task.Average(trace => trace.PlanSteps));

    private static IEnumerable<Trace> ExamplesOf(IReadOnlyList<Trace> pool)
    {
        Trace? longest = pool.Where(trace => trace.Outcome == Outcome.Valid).MaxBy(trace => trace.PlanSteps);
        Trace? failed = pool.FirstOrDefault(trace => trace.Outcome.IsTheModelsDoing() && trace.Outcome != Outcome.Valid);
        return new[] { longest, failed }.OfType<Trace>();
    }

    /// <summary>What a later generation does better or worse, by measure.</summary>
    public IReadOnlyList<MeasuredDifference> To(GenerationScores later) =>
    [
        .. from measure in Measure.All
           let difference = ScoreDifference.OfPairs(this[measure], later[measure])
           where later != this && difference is not null
           select new MeasuredDifference(measure, difference),
    ];
}
