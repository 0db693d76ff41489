using Outerloop.Slurm;
using Outerloop.Storage;
using Outerloop.Tests.Support;
using Outerloop.Training;
using Outerloop.Training.Commands;

namespace Outerloop.Tests.Slurm;

/// <summary>Trainers as jobs, with a Slurm that fails in the ways that a real one rarely does.</summary>
public sealed class SlurmTrainingTests : IDisposable
{
    private readonly ScriptedSlurm _slurm = new();
    private readonly TemporaryFolder _folder = new();
    private readonly Ledger _ledger = new();
    private readonly List<string> _notices = [], _heard = [];

    public void Dispose()
    {
        _slurm.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_job_that_a_node_lost_is_submitted_again()
    {
        _slurm.Says("sbatch", "echo x >>jobs; wc -l <jobs");
        _slurm.Says("scontrol", "[ $4 = 3 ] && echo 'JobState=COMPLETED ExitCode=0:0' || echo 'JobState=NODE_FAIL ExitCode=0:15'");
        await WriteLog("3", "only this one has ended\n");
        TrainerEnd end = await Run();
        Assert.Equal((0, "only this one has ended"), (end.ExitCode, end.Tail));
        Assert.Equal(2, _notices.Count(notice => notice.Contains("NODE_FAIL; submitted again")));
        Assert.Null(await _ledger.Job("train/blocksworld/1"));
    }

    [Fact]
    public async Task A_job_that_is_lost_again_and_again_is_given_up()
    {
        _slurm.Says("scontrol", "echo 'JobState=NODE_FAIL ExitCode=0:15'");
        TrainerEnd end = await Run();
        Assert.Equal((1, "(job 41: NODE_FAIL)"), (end.ExitCode, end.Tail));
        Assert.Equal(6, _slurm.Calls.Count(call => call.StartsWith("sbatch", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_job_that_fails_is_not_submitted_again()
    {
        _slurm.Says("scontrol", "echo 'JobState=FAILED ExitCode=7:0'");
        await WriteLog("41", "one\nout of memory");
        TrainerEnd end = await Run();
        Assert.Equal((7, "one\nout of memory\n(job 41: FAILED)"), (end.ExitCode, end.Tail));
        Assert.Equal(["one", "out of memory"], _heard);
        Assert.Single(_slurm.Calls, call => call.StartsWith("sbatch", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_job_of_before_is_waited_for_by_its_id_in_the_store()
    {
        await _ledger.SetJob("train/blocksworld/1", "17", default);
        Assert.Equal(0, (await Run()).ExitCode);
        Assert.DoesNotContain(_slurm.Calls, call => call.StartsWith("sbatch", StringComparison.Ordinal));
        Assert.Contains(_slurm.Calls, call => call == "scontrol show job --oneliner 17");
    }

    [Fact]
    public async Task A_job_whose_id_was_not_yet_in_the_store_is_found_by_its_name()
    {
        _slurm.Says("squeue", "[[ $* == *--name=outerloop-train-0123-blocksworld-1* ]] && echo 18");
        Assert.Equal(0, (await Run()).ExitCode);
        Assert.DoesNotContain(_slurm.Calls, call => call.StartsWith("sbatch", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_controller_that_is_away_for_a_while_is_waited_for()
    {
        _slurm.Says("scontrol", $"echo x >>looks; [ $(wc -l <looks) -gt 4 ] && echo 'JobState=COMPLETED ExitCode=0:0' && exit; {ScriptedSlurm.NoController}");
        Assert.Equal(0, (await Run()).ExitCode);
    }

    [Fact]
    public async Task A_cancellation_ends_the_job()
    {
        _slurm.Says("scontrol", "echo \"JobState=$(grep -q scancel calls && echo CANCELLED || echo RUNNING) ExitCode=0:15\"");
        using var stop = new CancellationTokenSource(TimeSpan.FromMilliseconds(500));
        await Assert.ThrowsAsync<OperationCanceledException>(() => Run(stop.Token));
        string[] calls = _slurm.Calls;
        Assert.Contains(calls[(Array.IndexOf(calls, "scancel --quiet 41") + 1)..], call => call.StartsWith("scontrol", StringComparison.Ordinal));
        Assert.Null(await _ledger.Job("train/blocksworld/1"));
    }

    private string Output => _folder.File("1");

    private Task WriteLog(string id, string text) => File.WriteAllTextAsync($"{Output}.{id}.log", text);

    private Task<TrainerEnd> Run(CancellationToken cancellation = default)
    {
        var around = new SlurmSurroundings(_slurm.Cluster, TimeProvider.System, new Notices(_notices));
        var job = new TrainingJob("blocksworld", 1, "base", Output, [], new Seed(0)) { Jobs = _ledger };
        return new SlurmTraining(around, JobScript.Standard).Run(job, ShellCommand.Of(["true"]), _heard.Add, cancellation);
    }

    private sealed class Notices(List<string> heard) : IProgress<string>
    {
        public void Report(string value) => heard.Add(value);
    }

    private sealed class Ledger : IJobLedger
    {
        private readonly Dictionary<string, string> _jobs = [];

        public Task<string> RunId() => Task.FromResult("0123");

        public Task<string?> Job(string work) => Task.FromResult(_jobs.GetValueOrDefault(work));

        public Task SetJob(string work, string id, CancellationToken cancellation)
        {
            _jobs[work] = id;
            return Task.CompletedTask;
        }

        public Task EndJob(string work)
        {
            _jobs.Remove(work);
            return Task.CompletedTask;
        }
    }
}
