using Outerloop.Deployment;
using Outerloop.Evaluation;
using Outerloop.Planning.Domains;
using Outerloop.Storage;
using Outerloop.Tasks;
using Outerloop.Verification;

namespace Outerloop.Runs;

/// <summary>More samples than the run itself wants.</summary>
/// <param name="Generations">Which; empty for the first and the last.</param>
/// <param name="Samples">Samples per task there shall be in all.</param>
public sealed record MeasurementRequest(IReadOnlyCollection<int> Generations, int Samples, TaskSet Set);

/// <summary>A pass@k curve of one generation.</summary>
/// <param name="PlanLength">Steps of all valid samples.</param>
public sealed record MeasuredCurve(string Domain, int Generation, TaskSet Set, IReadOnlyList<PassPoint> Curve, PlanLengths PlanLength);

/// <summary>Samples generations of a run again and again, for pass@k. What the store has is not sampled again.</summary>
public sealed class RunMeasurement(RunFolder folder, RunStore store, RunParts parts)
{
    public static async Task<IReadOnlyList<MeasuredCurve>> Execute(
        RunFolder folder, RunParts parts, MeasurementRequest request, CancellationToken cancellation)
    {
        await using RunStore store = await RunStore.Open(folder.Store, cancellation);
        var measurement = new RunMeasurement(folder, store, parts);
        var curves = new List<MeasuredCurve>();
        foreach (string domain in folder.Settings.Domains)
            curves.AddRange(await measurement.Measure(DomainCatalog.Find(domain)!, request, cancellation));
        return curves;
    }

    private async Task<IReadOnlyList<MeasuredCurve>> Measure(
        PlanningDomain domain, MeasurementRequest request, CancellationToken cancellation)
    {
        List<PlanningTask> tasks =
        [
            .. (await store.Tasks(domain.Name)).Where(task => task.Id.Set == request.Set)
                .Select(task => PlanningTask.Read(task.Id, task.Problem, domain.Domain)),
        ];
        if (tasks.Count == 0)
            throw new InputException($"{folder.Path}: the run has no {Code.Of(request.Set)} tasks of {domain.Name}");
        var curves = new List<MeasuredCurve>();
        foreach (GenerationRecord record in Chosen(await store.Generations(domain.Name), request))
        {
            await Sample(domain, record, DeploymentPlan.Measurement(record.Number, tasks, folder.Settings, request.Set, request.Samples), cancellation);
            curves.Add(await Curve(domain.Name, record.Number, request.Set));
        }

        return curves;
    }

    private IEnumerable<GenerationRecord> Chosen(IReadOnlyList<GenerationRecord> made, MeasurementRequest request)
    {
        if (made.Count == 0)
            throw new InputException($"{folder.Path}: no generation is made yet");
        IEnumerable<int> wanted = request.Generations.Count > 0 ? request.Generations.Distinct().Order() : [made[0].Number, made[^1].Number];
        return wanted.Distinct().Select(number => made.FirstOrDefault(record => record.Number == number)
            ?? throw new InputException($"--generation: the run has generations {made[0].Number} to {made[^1].Number}, not {number}"));
    }

    private async Task Sample(PlanningDomain domain, GenerationRecord record, DeploymentPlan plan, CancellationToken cancellation)
    {
        var deployer = new Deployer(store, RunVerifier.Of(folder, domain, parts), parts);
        await deployer.Deploy(() => folder.OpenPolicy(parts.Policies, domain, record), [plan], cancellation);
    }

    /// <summary>From the run's own samples and the extra ones: both are drawn at the same temperature.</summary>
    private async Task<MeasuredCurve> Curve(string domain, int generation, TaskSet set)
    {
        var own = (await store.Traces(domain, set, generation, generation)).Where(trace => trace.Id.Mode == Traces.SampleMode.Sampled);
        List<Traces.Trace> samples = [.. own, .. await store.ExtraTraces(domain, set, generation)];
        return new MeasuredCurve(domain, generation, set, PassAtK.Curve(TaskScore.Of(samples).Values), PlanLengths.Of(samples));
    }
}
