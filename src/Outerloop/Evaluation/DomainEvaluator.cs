using Outerloop.Planning.Domains;
using Outerloop.Prompting;
using Outerloop.Storage;
using Outerloop.Tasks;

namespace Outerloop.Evaluation;

/// <summary>The figures of one domain of a run, put together generation by generation.</summary>
/// <param name="tasks">All tasks of the run.</param>
/// <param name="domain">Theirs.</param>
/// <param name="format">The one in which the run's models answer; asked for when there is an answer to read.</param>
internal sealed class DomainEvaluator(IReadOnlyDictionary<TaskId, PlanningTask> tasks, PlanningDomain domain, Lazy<IPromptFormat> format)
{
    private readonly PlansOfAnswers _plans = new(format, tasks);
    private readonly List<GenerationScores> _generations = [];

    /// <summary>The next generation.</summary>
    public void Add(GenerationRecord record, GenerationTraces traces) => _generations.Add(GenerationScores.Of(record, traces, _plans.Read));

    /// <summary>Of all generations so far.</summary>
    /// <param name="mixture">What they were trained on.</param>
    public DomainEvaluation Evaluate(IReadOnlyList<MixturePart> mixture)
    {
        Dictionary<TaskId, int> sizes = tasks.ToDictionary(task => task.Key, task => SizeOf(task.Value));
        List<PlanDiversity> diversity = [.. PlanDiversity.Of(_generations.Select(generation => generation.Plans))];
        return new DomainEvaluation(
            domain.Name,
            [
                .. _generations.Select((generation, i) => Evaluate(generation, sizes) with
                {
                    Diversity = diversity[i],
                    SinceBase = _generations[0].To(generation),
                    SincePrevious = _generations[Math.Max(0, i - 1)].To(generation),
                }),
            ],
            mixture);
    }

    private static GenerationEvaluation Evaluate(GenerationScores generation, Dictionary<TaskId, int> sizes) => new(generation.Record)
    {
        Pool = Solved(generation[Measure.Pool]),
        Larger = Solved(generation[Measure.Larger]),
        HeldOut = HeldOutEvaluation.Of(generation[Measure.Greedy].Values, generation[Measure.HeldOut].Values),
        PassCurve = generation.PassCurve,
        PlanLengths = generation.PlanLengths,
        HeldOutPlanLengths = generation.HeldOutPlanLengths,
        SolvedSteps = generation.SolvedSteps,
        Examples = generation.Examples,
        Sizes =
        [
            .. from measure in (Measure[])[Measure.Pool, Measure.Larger]
               from score in SizeScore.Of(measure.Set, sizes, generation[measure])
               select score,
        ],
    };

    private static Estimate? Solved(SortedDictionary<TaskId, TaskScore> scores) =>
        scores.Count == 0 ? null : Estimate.OfRate(scores.Values.Count(score => score.Solved), scores.Count);

    /// <summary>The number of its objects, the domain's constants left out.</summary>
    private int SizeOf(PlanningTask task) => task.Problem.Objects.Length - domain.Domain.Constants.Length;
}
