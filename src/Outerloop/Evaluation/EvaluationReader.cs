using Outerloop.Planning.Domains;
using Outerloop.Planning.Validation;
using Outerloop.Prompting;
using Outerloop.Storage;
using Outerloop.Tasks;

namespace Outerloop.Evaluation;

/// <summary>Reads the figures of one domain from a run's store, finished or not; nothing is written.</summary>
public sealed class EvaluationReader(RunStore store, PlanningDomain domain)
{
    private readonly WordFormat _format = new(domain);

    public async Task<DomainEvaluation> Read()
    {
        Dictionary<TaskId, int> sizes = await Sizes();
        var generations = new List<GenerationScores>();
        foreach (GenerationRecord record in await store.Generations(domain.Name))
            generations.Add(await GenerationScores.Read(store, domain.Name, record, ReadPlan));
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

    /// <summary>The size of a task is the number of its objects, the domain's constants left out.</summary>
    private async Task<Dictionary<TaskId, int>> Sizes() =>
        (await store.Tasks(domain.Name))
            .Select(task => PlanningTask.Read(task.Id, task.Problem, domain.Domain))
            .ToDictionary(task => task.Id, task => task.Problem.Objects.Length - domain.Domain.Constants.Length);

    private Plan ReadPlan(string answer) => _format.ReadPlan(answer).Value ?? new Plan([]);
}
