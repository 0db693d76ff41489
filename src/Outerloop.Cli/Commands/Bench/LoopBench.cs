using Outerloop.Cli.Display;
using Outerloop.Configuration;
using Outerloop.Deployment;
using Outerloop.Planning.Domains;
using Outerloop.Policies;
using Outerloop.Policies.Servers;
using Outerloop.Prompting;
using Outerloop.Runs;
using Outerloop.Storage;
using Outerloop.Tasks;
using Outerloop.Training;
using Outerloop.Verification;

namespace Outerloop.Cli.Commands.Bench;

/// <summary>A deployment against a server that answers at once.</summary>
/// <param name="Requests">Asked, answered, verified and stored.</param>
/// <param name="CpuMilliseconds">Of this process for each, the server's share included.</param>
/// <param name="EarlyMegabytes">Resident after a fifth of the requests.</param>
/// <param name="LateMegabytes">Resident at the end.</param>
internal sealed record LoopMeasurement(int Requests, int InFlight, int Valid, double Seconds, double PerSecond, double CpuMilliseconds, double EarlyMegabytes, double LateMegabytes);

/// <summary>How many answers a second the loop asks for, receives, verifies and stores.</summary>
internal sealed class LoopBench(TimeProvider clock, IProgressDisplay display)
{
    private const int Tasks = 500;

    public async Task<LoopMeasurement> Run(int requests, int inFlight, CancellationToken cancellation)
    {
        PlanningDomain domain = DomainCatalog.Find("blocksworld")!;
        (PlanningTask[] tasks, string[] plans) = Draw(domain);
        string folder = Directory.CreateTempSubdirectory("outerloop-bench-").FullName;
        try
        {
            using var server = new InstantServer(plans);
            await using RunStore store = await RunStore.Open(RunFolder.StoreOf(folder), cancellation);
            return await Deploy(domain, tasks, store, (server.Url, folder, requests, inFlight), cancellation);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private async Task<LoopMeasurement> Deploy(
        PlanningDomain domain, PlanningTask[] tasks, RunStore store, (Uri Url, string Folder, int Requests, int InFlight) work, CancellationToken cancellation)
    {
        var settings = new RunSettings { Samples = Math.Max(1, work.Requests / Tasks), Policy = "openai:" + InstantServer.Model };
        var format = new MessageFormat(domain);
        ServedModel.WriteBase(work.Folder, InstantServer.Model);
        var options = new ServerOptions { BaseUrls = [work.Url], InFlight = work.InFlight };
        using var policies = new ServerPolicyFactory(InstantServer.Model, _ => format, options, new ServerSurroundings(clock, new SaidNotices(display)));
        using IPolicy policy = policies.Open(work.Folder, domain);
        var observer = new Watch(display);
        var deployer = new Deployer(store, new PlanVerifier(format), new RunParts(policies, TrainerCatalog.Create(new RunSettings(), policies, 1), observer, clock));
        DeploymentPlan plan = DeploymentPlan.OnPool(domain.Name, 0, tasks, settings);
        var meter = new WorkMeter(clock);
        await deployer.Deploy(new Lazy<IPolicy>(policy), plan, cancellation);
        double seconds = meter.Elapsed.TotalSeconds;
        int done = plan.Wanted.Count;
        return new LoopMeasurement(done, work.InFlight, observer.Valid, seconds, done / seconds, 1000 * meter.CpuSeconds / done, observer.Early, observer.Late);
    }

    private static (PlanningTask[] Tasks, string[] Plans) Draw(PlanningDomain domain)
    {
        var random = new Random(1);
        SolvableTask[] drawn = [.. Enumerable.Range(0, Tasks).Select(_ => domain.DrawUnsolved(domain.PoolSizes, random))];
        PlanningTask[] tasks = [.. drawn.Select((task, i) => PlanningTask.Read(new TaskId(domain.Name, TaskSet.Pool, i), task.Write($"task-{i}", domain.Domain.Name, random), domain.Domain))];
        return (tasks, [.. drawn.Select(task => string.Join('\n', task.Witness))]);
    }

    /// <summary>Shows how far it is, and looks at the memory early and late.</summary>
    private sealed class Watch(IProgressDisplay display) : IRunObserver
    {
        public int Valid { get; private set; }

        public double Early { get; private set; }

        public double Late { get; private set; }

        public void Report(PhaseProgress value)
        {
            Valid = value.Valid;
            display.Show("asking, verifying, storing", value.Done, value.Total, 0, $"{value.Valid} valid");
            if (value.Done == value.Total / 5)
                Early = Megabytes();
            else if (value.Done == value.Total)
                Late = Megabytes();
        }

        public void Finished(string domain, GenerationSummary generation)
        {
        }

        private static double Megabytes() => Environment.WorkingSet / 1048576.0;
    }
}
