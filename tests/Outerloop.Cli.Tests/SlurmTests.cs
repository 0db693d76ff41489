using Outerloop.Cli.Tests.Support;
using Outerloop.Tests.Servers;

namespace Outerloop.Cli.Tests;

/// <summary>
/// Runs whose deployments are arrays of workers and whose fine-tunings are jobs, on a real Slurm of two nodes with a real
/// PostgreSQL, held against the same run by one process.
/// </summary>
[Collection(nameof(SlurmServer))] // one after the other: the nodes are few
public sealed class SlurmTests : IDisposable
{
    private static readonly string[] Small =
    [
        "run", "--json", "--tasks", "120", "--held-out", "12", "--larger", "4", "--generations", "2", "--seed", "3",
        "--trainer-epochs", "1", "--trainer-min-steps", "120", "--trainer-validation", "0.1",
    ];

    private readonly TemporaryFolder _folder = new();
    private readonly string _name = PostgresServer.NewRun();

    private string Shared => _folder.File(_name);

    public void Dispose() => _folder.Dispose();

    [SlurmFact]
    public async Task A_run_on_a_cluster_has_the_figures_the_weights_and_the_curves_of_a_plain_run()
    {
        CliResult plain = await Plain();
        AssertSame(plain, await OuterloopProcess.Run(await OnCluster()));
        Assert.Equal("", await SlurmServer.Ask("squeue", "--noheader"));
    }

    [SlurmFact]
    public async Task A_worker_that_is_killed_and_nodes_that_go_down_lose_and_duplicate_nothing()
    {
        CliResult plain = await Plain();
        using OuterloopProcess cli = OuterloopProcess.Start(await OnCluster());
        while (!WorkerProcesses.Of(Shared).Any())
            Assert.False(await cli.EndsWithin(TimeSpan.FromMilliseconds(20)));
        WorkerProcesses.Kill(WorkerProcesses.Of(Shared).First());
        foreach (string job in (string[])["outerloop-workers", "outerloop-train"])
        {
            string node = await NodeOf(job, cli);
            await SlurmServer.Ask("scontrol", "update", $"nodename={node}", "state=down", "reason=test");
            await cli.EndsWithin(TimeSpan.FromSeconds(1));
            await SlurmServer.Ask("scontrol", "update", $"nodename={node}", "state=resume");
        }

        CliResult shared = await cli.End();
        AssertSame(plain, shared);
        Assert.Contains("NODE_FAIL; submitted again", shared.Messages);
    }

    [SlurmFact]
    public async Task A_coordinator_that_is_killed_finds_its_jobs_again()
    {
        CliResult plain = await Plain();
        string[] how = await OnCluster();
        foreach (string job in (string[])["outerloop-workers", "outerloop-train"])
        {
            using OuterloopProcess cli = OuterloopProcess.Start(how);
            await NodeOf(job, cli);
            cli.Kill();
            await cli.End();
            how = ["run", "--json", "--resume", "--workers", "slurm:2", "--train-on", "slurm", "--out", Shared];
        }

        CliResult shared = await OuterloopProcess.Run(how);
        AssertSame(plain, shared);
        Assert.Contains("was begun before; waiting for it", shared.Messages);
        Assert.Single(Directory.GetFiles(Path.Combine(Shared, "generations", "blocksworld"), "1.*.log"));
    }

    [SlurmFact]
    public async Task Ctrl_C_ends_the_job_and_the_run_goes_on_later()
    {
        CliResult plain = await Plain();
        using (OuterloopProcess cli = OuterloopProcess.Start(await OnCluster()))
        {
            await NodeOf("outerloop-train", cli);
            cli.Interrupt();
            CliResult stopped = await cli.End();
            Assert.True(stopped.ExitCode == 130, stopped.Messages);
        }

        for (int i = 0; i < 100 && (await SlurmServer.Ask("squeue", "--noheader")).Length > 0; i++)
            await Task.Delay(200);
        Assert.Equal("", await SlurmServer.Ask("squeue", "--noheader"));
        AssertSame(plain, await OuterloopProcess.Run("run", "--json", "--resume", "--out", Shared));
    }

    [SlurmFact]
    public async Task A_command_of_the_users_runs_in_a_job_too_and_its_store_may_be_a_file()
    {
        await SlurmServer.EnsureRunning();
        string[] command = ["--trainer", "command", "--trainer-command", "cp -r {base} {output}; echo '{\"step\":3,\"steps\":3,\"tokens\":900,\"loss\":0.25}'"];
        CliResult plain = await OuterloopProcess.Run([.. Small, .. command, "--out", _folder.File("plain")]);
        CliResult shared = await OuterloopProcess.Run([.. Small, .. command, "--train-on", "slurm", "--out", Shared]);
        Assert.True(shared.ExitCode == 0, shared.Messages);
        Assert.Equal(OuterloopProcess.Figures(plain), OuterloopProcess.Figures(shared));
        Assert.Contains("\"tokens\":900", await File.ReadAllTextAsync(Assert.Single(Directory.GetFiles(Path.Combine(Shared, "generations", "blocksworld"), "1.*.log"))));
    }

    [SlurmFact]
    public async Task A_training_that_fails_ends_the_run_with_the_end_of_its_log()
    {
        string script = _folder.Write("job.sbatch", "#!/bin/bash\n#SBATCH --time=5\necho about to run >&2\n{command} --nonsense\n");
        CliResult failed = await OuterloopProcess.Run([.. await OnCluster(), "--train-script", script]);
        Assert.Equal(3, failed.ExitCode);
        Assert.Contains("about to run", failed.LastMessage);
        Assert.Contains("unknown option '--nonsense'", failed.LastMessage);
        Assert.Contains(": FAILED)", failed.LastMessage);
    }

    private Task<CliResult> Plain() => OuterloopProcess.Run([.. Small, "--out", _folder.File("plain")]);

    private async Task<string[]> OnCluster()
    {
        await SlurmServer.EnsureRunning();
        return [.. Small, "--store", await PostgresServer.Address(), "--workers", "slurm:2", "--worker-lease", "3", "--train-on", "slurm", "--out", Shared];
    }

    /// <summary>Waits until a job of a kind runs.</summary>
    private static async Task<string> NodeOf(string kind, OuterloopProcess cli)
    {
        while (true)
        {
            string[] running = (await SlurmServer.Ask("squeue", "--noheader", "--states=RUNNING", "--format=%j %N")).Split('\n');
            if (running.FirstOrDefault(job => job.StartsWith(kind, StringComparison.Ordinal)) is { } found)
                return found.Split(' ')[1];
            if (await cli.EndsWithin(TimeSpan.FromMilliseconds(50)))
                Assert.Fail($"no job {kind} came: {(await cli.End()).Messages}");
        }
    }

    private void AssertSame(CliResult plain, CliResult shared)
    {
        Assert.True(plain.ExitCode == 0, plain.Messages);
        Assert.True(shared.ExitCode == 0, shared.Messages);
        Assert.Equal(OuterloopProcess.Figures(plain), OuterloopProcess.Figures(shared));
        foreach (string file in (string[])["1.training.csv", "2.training.csv", "2/model.safetensors"])
            Assert.Equal(File.ReadAllBytes(Generation("plain", file)), File.ReadAllBytes(Generation(_name, file)));
    }

    private string Generation(string run, string file) => Path.Combine(_folder.File(run), "generations", "blocksworld", file);
}
