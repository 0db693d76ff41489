using Outerloop.Configuration;
using Outerloop.Policies;
using Outerloop.Runs;
using Outerloop.Tasks;
using Outerloop.Traces;

namespace Outerloop.Deployment;

/// <summary>The answers that one phase of a generation wants.</summary>
public sealed record DeploymentPlan(string Domain, int Generation, RunPhase Phase, IReadOnlyList<CompletionRequest> Wanted)
{
    /// <summary>Samples per held-out task: the 3 of average@3.</summary>
    public const int EvaluationSamples = 3;

    /// <summary>All that a generation owes: its deployment and its evaluation.</summary>
    public static DeploymentPlan[] Of(string domain, int generation, IReadOnlyList<PlanningTask> tasks, RunSettings settings) =>
        [OnPool(domain, generation, tasks, settings), Evaluation(domain, generation, tasks, settings)];

    /// <summary>The deployment proper: <see cref="RunSettings.Samples"/> traces for each task of the pool.</summary>
    public static DeploymentPlan OnPool(string domain, int generation, IReadOnlyList<PlanningTask> tasks, RunSettings settings)
    {
        var plan = new Requests(generation, settings);
        return new DeploymentPlan(
            domain, generation, RunPhase.Deploy, [.. plan.For(tasks, TaskSet.Pool, SampleMode.Sampled, settings.Samples)]);
    }

    /// <summary>Held-out tasks three times at the deployment's temperature and once greedily; larger tasks once.</summary>
    public static DeploymentPlan Evaluation(string domain, int generation, IReadOnlyList<PlanningTask> tasks, RunSettings settings)
    {
        var plan = new Requests(generation, settings);
        return new DeploymentPlan(
            domain,
            generation,
            RunPhase.Evaluate,
            [
                .. plan.For(tasks, TaskSet.HeldOut, SampleMode.Sampled, EvaluationSamples),
                .. plan.For(tasks, TaskSet.HeldOut, SampleMode.Greedy, 1),
                .. plan.For(tasks, TaskSet.Larger, SampleMode.Sampled, 1),
            ]);
    }

    /// <summary>
    /// Extra samples at the deployment's temperature, so that with the run's own there are <paramref name="samples"/> of
    /// each task of a set.
    /// </summary>
    public static DeploymentPlan Measurement(
        int generation, IReadOnlyList<PlanningTask> tasks, RunSettings settings, TaskSet set, int samples)
    {
        int own = set switch { TaskSet.Pool => settings.Samples, TaskSet.HeldOut => EvaluationSamples, _ => 1 };
        var plan = new Requests(generation, settings);
        return new DeploymentPlan(
            tasks[0].Id.Domain, generation, RunPhase.Measure, [.. plan.For(tasks, set, SampleMode.Extra, Math.Max(0, samples - own))]);
    }

    /// <summary>One answer of a run. It draws from its own stream, a branch of (seed, domain, generation, set, task, mode, sample).</summary>
    public static CompletionRequest Request(TraceId id, PlanningTask task, RunSettings settings)
    {
        Seed stream = new Seed((ulong)settings.Seed).Then("sample").Then(id.Task.Domain).Then(id.Generation)
            .Then((long)id.Task.Set).Then(id.Task.Number).Then((long)id.Mode).Then(id.Sample);
        double temperature = id.Mode == SampleMode.Greedy ? 0 : settings.Temperature;
        return new CompletionRequest(id, task, temperature, settings.MaxNewTokens, stream);
    }

    private sealed class Requests(int generation, RunSettings settings)
    {
        public IEnumerable<CompletionRequest> For(IReadOnlyList<PlanningTask> tasks, TaskSet set, SampleMode mode, int samples) =>
            from task in tasks
            where task.Id.Set == set
            from sample in Enumerable.Range(0, samples)
            select Request(new TraceId(generation, task.Id, mode, sample), task, settings);
    }
}
