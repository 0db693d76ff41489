using Outerloop.Planning.Domains;
using Outerloop.Prompting;
using Outerloop.Storage;
using Outerloop.Tasks;

namespace Outerloop.Evaluation;

/// <summary>Reads the figures of one domain from a run's store, finished or not; nothing is written.</summary>
/// <param name="format">The one in which the run's models answer; asked for when there is an answer to read.</param>
public sealed class EvaluationReader(RunStore store, PlanningDomain domain, Lazy<IPromptFormat> format)
{
    public async Task<DomainEvaluation> Read()
    {
        Dictionary<TaskId, PlanningTask> tasks = await Tasks();
        var plans = new PlansOfAnswers(format, tasks);
        Dictionary<TaskId, int> sizes = tasks.ToDictionary(task => task.Key, task => SizeOf(task.Value));
        var generations = new List<GenerationScores>();
        foreach (GenerationRecord record in await store.Generations(domain.Name))
            generations.Add(await GenerationScores.Read(store, domain.Name, record, plans.Read));
        List<PlanDiversity> diversity = [.. PlanDiversity.Of(generations.Select(generation => generation.Plans))];
        return new DomainEvaluation(
            domain.Name,
            [
                .. generations.Select((generation, i) => Evaluate(generation, sizes) with
                {
                    Diversity = diversity[i],
                    SinceBase = generations[0].To(generation),
                    SincePrevious = generations[Math.Max(0, i - 1)].To(generation),
                }),
            ],
            await store.Mixture(domain.Name));
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

    private async Task<Dictionary<TaskId, PlanningTask>> Tasks() =>
        (await store.Tasks(domain.Name))
            .Select(task => PlanningTask.Read(task.Id, task.Problem, domain.Domain))
            .ToDictionary(task => task.Id);

    /// <summary>The number of its objects, the domain's constants left out.</summary>
    private int SizeOf(PlanningTask task) => task.Problem.Objects.Length - domain.Domain.Constants.Length;
}
