using System.Diagnostics;
using System.Globalization;
using Outerloop.Cli.Display;
using Outerloop.Configuration;
using Outerloop.Deployment.Workers;
using Outerloop.Policies;
using Outerloop.Runs;
using Outerloop.Storage;
using Outerloop.Training;

namespace Outerloop.Cli.Commands.Bench;

/// <summary>A deployment by workers, each a process on one processor.</summary>
/// <param name="Answers">Given, verified and stored while all were at work.</param>
/// <param name="CpuMilliseconds">Of the workers for each answer.</param>
internal sealed record FleetMeasurement(int Workers, int Answers, double Seconds, double PerSecond, double CpuMilliseconds)
{
    /// <summary>Other processes only ever add time.</summary>
    public static FleetMeasurement Best(IEnumerable<FleetMeasurement> rounds) =>
        rounds.MaxBy(round => round.PerSecond)! with { CpuMilliseconds = rounds.Min(round => round.CpuMilliseconds) };
}

/// <summary>How fast workers on this machine deploy a model.</summary>
/// <param name="policy">The model: <c>local</c> or <c>local:FOLDER</c>.</param>
/// <param name="clock">Measures.</param>
/// <param name="display">Shows how far it is.</param>
internal sealed class FleetBench(string policy, TimeProvider clock, IProgressDisplay display)
{
    /// <param name="workers">How many.</param>
    /// <param name="samples">Answers to each of 1000 tasks.</param>
    /// <param name="database">For the store; null for a file.</param>
    /// <param name="cancellation">Stops it.</param>
    public async Task<FleetMeasurement> Run(int workers, int samples, string? database, CancellationToken cancellation)
    {
        string path = Path.Combine(Path.GetTempPath(), $"outerloop-bench-{Guid.NewGuid():N}");
        try
        {
            var settings = new RunSettings
            {
                Policy = policy,
                HeldOut = 0,
                Larger = 0,
                Generations = 0,
                Samples = samples,
            };
            BaseModel.Check(settings);
            using RunFolder folder = RunFolder.Create(path, settings, database);
            BaseModel.EnsureIn(folder);
            var watch = new Watch(clock, display, workers);
            string[] worker = OwnProgram.Command("worker", path, WorkerCommand.Attached, "--threads", "1");
            int[] processors = [.. Processors()];
            var policies = new LocalPolicyFactory(threads: 1);
            var parts = new RunParts(policies, new LocalTrainer(settings.Trainer, threads: 1), watch, clock)
            {
                Workforce = new LocalWorkforce(workers, i => [.. On(processors[i % processors.Length]), .. worker], Path.Combine(path, "workers"), new SaidNotices(display)),
            };
            RunSummary summary = await RunExecution.Execute(folder, parts, cancellation);
            double cpu = summary.Domains[0].Costs.Sum(cost => cost.CpuSeconds);
            return watch.Measured(1000 * cpu / (settings.Tasks * samples));
        }
        finally
        {
            if (Directory.Exists(path))
                Directory.Delete(path, recursive: true);
            if (database is not null)
                await PostgresAddress.Drop(PostgresAddress.OfRun(database, RunFolder.NameOf(path)), CancellationToken.None);
        }
    }

    /// <summary>What a worker gets of a machine of a cluster: one processor, also for what it does beside sampling.</summary>
    private static string[] On(int processor) => ["taskset", "--cpu-list", processor.ToString(CultureInfo.InvariantCulture)];

    /// <summary>The numbers of those that this process may use.</summary>
    private static IEnumerable<int> Processors()
    {
        if (!OperatingSystem.IsLinux())
            throw new InputException("bench fleet: workers are held to a processor each by taskset, which is there on Linux alone");
        using var own = Process.GetCurrentProcess();
        long mask = own.ProcessorAffinity;
        return Enumerable.Range(0, 64).Where(processor => (mask >> processor & 1) != 0);
    }

    /// <summary>Measures from the first answers on: workers take their time to start.</summary>
    private sealed class Watch(TimeProvider clock, IProgressDisplay display, int workers) : IRunObserver
    {
        private (long Time, int Done)? _first;
        private (long Time, int Done) _last;

        public void Report(PhaseProgress value)
        {
            if (value.Done > 0)
                _first ??= (clock.GetTimestamp(), value.Done);
            _last = (clock.GetTimestamp(), value.Done);
            display.Show(string.Create(CultureInfo.InvariantCulture, $"{workers} at work"), value.Done, value.Total, value.Tokens, "");
        }

        public void Finished(string domain, GenerationSummary generation)
        {
        }

        public FleetMeasurement Measured(double cpuMilliseconds)
        {
            int answers = _last.Done - _first?.Done ?? 0;
            double seconds = _first is { } first ? clock.GetElapsedTime(first.Time, _last.Time).TotalSeconds : 0;
            return seconds > 0
                ? new FleetMeasurement(workers, answers, seconds, answers / seconds, cpuMilliseconds)
                : throw new InputException("--samples: too few to measure");
        }
    }
}
