using Outerloop.Storage;
using Outerloop.Tasks;
using Outerloop.Traces;

namespace Outerloop.Evaluation;

/// <summary>All figures of one domain of a run beyond its summary, read from the store.</summary>
/// <param name="Mixture">By the generation that is trained, what it is trained on.</param>
public sealed record DomainEvaluation(
    string Domain, IReadOnlyList<GenerationEvaluation> Generations, IReadOnlyList<MixturePart> Mixture);

/// <summary>What one generation can do. A figure of a set of tasks that it was not deployed on yet is absent.</summary>
public sealed record GenerationEvaluation(GenerationRecord Record)
{
    public int Generation => Record.Number;

    /// <summary>Pool tasks with at least one valid trace, of those with traces.</summary>
    public Estimate? Pool { get; init; }

    /// <summary>The same of the tasks larger than the pool's.</summary>
    public Estimate? Larger { get; init; }

    public HeldOutEvaluation? HeldOut { get; init; }

    /// <summary>pass@k on the held-out tasks from all samples there are, extra ones included.</summary>
    public IReadOnlyList<PassPoint> PassCurve { get; init; } = [];

    /// <summary>Of the valid traces on the pool.</summary>
    public PlanLengths PlanLengths { get; init; } = new([]);

    /// <summary>Of the valid ones of the three samples of each held-out task.</summary>
    public PlanLengths HeldOutPlanLengths { get; init; } = new([]);

    /// <summary>Mean steps of the valid samples of each held-out and larger task that has some.</summary>
    public IReadOnlyDictionary<TaskId, double> SolvedSteps { get; init; } = new Dictionary<TaskId, double>();

    /// <summary>The longest valid plan on the pool and the first trace there that is not valid, where there are such.</summary>
    public IReadOnlyList<Trace> Examples { get; init; } = [];

    public IReadOnlyList<SizeScore> Sizes { get; init; } = [];

    public PlanDiversity Diversity { get; init; } = new(0, 0, 0, 0, []);

    /// <summary>Against generation 0, by measure; empty for generation 0.</summary>
    public IReadOnlyList<MeasuredDifference> SinceBase { get; init; } = [];

    /// <summary>Against the generation before.</summary>
    public IReadOnlyList<MeasuredDifference> SincePrevious { get; init; } = [];
}

/// <summary>
/// Ability against sharpening: what one greedy answer solves, what a sample solves on average, and what all or any of
/// three samples solve. A loop that only sharpens lifts average@3 towards the base's greedy and pass@3, and no further.
/// </summary>
public sealed record HeldOutEvaluation(Estimate? Greedy, Estimate AverageAt3, Estimate UnanimousAt3, Estimate PassAt3)
{
    /// <summary>Null without a task whose three samples are there.</summary>
    public static HeldOutEvaluation? Of(IReadOnlyCollection<TaskScore> greedy, IReadOnlyCollection<TaskScore> sampled)
    {
        List<TaskScore> whole = [.. sampled.Where(score => score.Samples >= Deployment.DeploymentPlan.EvaluationSamples)];
        return whole.Count == 0 ? null : new HeldOutEvaluation(
            greedy.Count == 0 ? null : Estimate.OfScores(greedy),
            Estimate.OfScores(whole),
            Estimate.OfRate(whole.Count(score => score.Valid == score.Samples), whole.Count),
            Estimate.OfRate(whole.Count(score => score.Solved), whole.Count));
    }
}

/// <summary>A difference and what it is a difference of.</summary>
public sealed record MeasuredDifference(Measure Measure, ScoreDifference Difference);
