using Outerloop.Slurm;

namespace Outerloop.Tests.Slurm;

/// <summary>What Slurm's commands say, and what it means.</summary>
public sealed class SlurmClusterTests : IDisposable
{
    private static readonly JobRequest Request = new("name", "#!/bin/sh\ntrue\n", "/logs/%j.log", Copies: 3);

    private readonly ScriptedSlurm _slurm = new();

    public void Dispose() => _slurm.Dispose();

    [Theory]
    [InlineData("echo 41")]
    [InlineData("echo '41;cluster'")]
    [InlineData("echo 'sbatch: warning: the partition is busy' >&2; echo 41")]
    public async Task A_job_is_submitted_under_its_name_and_told_its_log(string said)
    {
        _slurm.Says("sbatch", said);
        Assert.Equal("41", await _slurm.Cluster.Submit(Request, _slurm.Path("job.sbatch")));
        Assert.Equal([$"sbatch --parsable --no-requeue --job-name=name --output=/logs/%j.log --array=1-3 {_slurm.Path("job.sbatch")}"], _slurm.Calls);
        Assert.Equal(Request.Script, await File.ReadAllTextAsync(_slurm.Path("job.sbatch")));
    }

    [Theory]
    [InlineData("echo 'sbatch: error: invalid partition specified: gpu' >&2; exit 1", "invalid partition specified: gpu")]
    [InlineData("echo nonsense", "nonsense")]
    public async Task A_job_that_is_not_taken_says_why(string said, string why)
    {
        _slurm.Says("sbatch", said);
        OutsideException refusal = await Assert.ThrowsAsync<OutsideException>(() => _slurm.Cluster.Submit(Request, _slurm.Path("job.sbatch")));
        Assert.Contains(why, refusal.Message);
    }

    [Fact]
    public async Task Without_Slurm_that_is_said()
    {
        OutsideException refusal = await Assert.ThrowsAsync<OutsideException>(() => new SlurmCluster("/nowhere").Submit(Request, _slurm.Path("job.sbatch")));
        Assert.StartsWith("sbatch: ", refusal.Message);
    }

    [Theory]
    [InlineData("PENDING", "0:0", JobEnd.None)]
    [InlineData("RUNNING", "0:0", JobEnd.None)]
    [InlineData("COMPLETING", "0:0", JobEnd.None)]
    [InlineData("COMPLETED", "0:0", JobEnd.Completed)]
    [InlineData("NODE_FAIL", "0:15", JobEnd.Lost)]
    [InlineData("PREEMPTED", "0:15", JobEnd.Lost)]
    [InlineData("FAILED", "7:0", JobEnd.Failed)]
    [InlineData("TIMEOUT", "0:15", JobEnd.Failed)]
    [InlineData("OUT_OF_MEMORY", "0:125", JobEnd.Failed)]
    public async Task A_state_is_read_from_the_controller_and_else_from_the_accounts(string name, string code, JobEnd end)
    {
        _slurm.Says("scontrol", $"echo 'JobId=41 ArrayJobId=41 JobName=x JobState={name} Reason=None Requeue=0 ExitCode={code} RunTime=00:00:03'");
        JobState shown = (await _slurm.Cluster.StateOf("41"))!;
        _slurm.Says("scontrol", ScriptedSlurm.NotKnown);
        _slurm.Says("sacct", $"echo '{name}|{code}'");
        Assert.Equal((end, shown), (shown.End, await _slurm.Cluster.StateOf("41")));
        Assert.Equal(int.Parse(code.Split(':')[0]), shown.ExitCode);
    }

    [Fact]
    public async Task A_cancelled_job_is_read_whoever_has_cancelled_it()
    {
        _slurm.Says("scontrol", ScriptedSlurm.NotKnown);
        _slurm.Says("sacct", "echo 'CANCELLED by 1000|0:15'");
        Assert.Equal(new JobState("CANCELLED", 0), await _slurm.Cluster.StateOf("41"));
    }

    [Theory]
    [InlineData(ScriptedSlurm.NoAccounting)]
    [InlineData("true")]
    public async Task A_job_that_nobody_knows_is_forgotten(string accounts)
    {
        _slurm.Says("scontrol", ScriptedSlurm.NotKnown);
        _slurm.Says("sacct", accounts);
        Assert.Equal(JobEnd.Forgotten, (await _slurm.Cluster.StateOf("41"))!.End);
    }

    [Fact]
    public async Task A_controller_that_does_not_answer_says_nothing_of_a_job()
    {
        _slurm.Says("scontrol", ScriptedSlurm.NoController);
        _slurm.Says("squeue", ScriptedSlurm.NoController);
        Assert.Null(await _slurm.Cluster.StateOf("41"));
        Assert.Null(await _slurm.Cluster.Alive("workers", CancellationToken.None));
    }

    [Fact]
    public async Task The_tasks_of_arrays_that_wait_or_run_are_counted()
    {
        _slurm.Says("squeue", "case \"$*\" in *--name=workers*) printf 'RUNNING\\nPENDING\\nNODE_FAIL\\n';; esac");
        Assert.Equal(2, await _slurm.Cluster.Alive("workers", CancellationToken.None));
        Assert.Equal(0, await _slurm.Cluster.Alive("others", CancellationToken.None));
    }

    [Fact]
    public async Task A_controller_that_hangs_is_not_waited_for_after_a_cancellation()
    {
        _slurm.Says("squeue", "exec sleep 600");
        using var stop = new CancellationTokenSource();
        Task<int?> asked = _slurm.Cluster.Alive("workers", stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);
    }
}
