using Outerloop.Cli.Tests.Support;

namespace Outerloop.Cli.Tests;

/// <summary>
/// The same seed gives the same figures and weights, on one thread and on two, interrupted and not. The processes are
/// real, and so are the signals.
/// </summary>
public sealed class InterruptionTests : IDisposable
{
    private const int Kills = 20;

    private static readonly string[] Small =
    [
        "run", "--json", "--tasks", "80", "--held-out", "12", "--larger", "4", "--generations", "2", "--seed", "3",
        "--trainer-epochs", "1", "--trainer-min-steps", "25",
    ];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_run_killed_at_twenty_random_instants_ends_as_if_nothing_had_happened()
    {
        DateTime begun = TimeProvider.System.GetUtcNow().UtcDateTime;
        CliResult whole = await OuterloopProcess.Run([.. Small, "--threads", "1", "--out", _folder.File("whole")]);
        Assert.True(whole.ExitCode == 0, whole.Messages);
        TimeSpan length = TimeProvider.System.GetUtcNow().UtcDateTime - begun;

        var random = new Random(11);
        int kills = 0, runs = 0;
        while (kills < Kills)
        {
            string run = _folder.File($"killed-{runs++}");
            CliResult end = await RunToTheEnd(run, () =>
            {
                if (kills == Kills)
                    return null;
                kills++;
                return length * (0.15 + (0.6 * random.NextDouble()));
            });
            Assert.True(end.ExitCode == 0, end.Messages);
            Assert.Equal(OuterloopProcess.Figures(whole), OuterloopProcess.Figures(end));
            Assert.Equal(Weights(_folder.File("whole")), Weights(run));
            Assert.Equal(Curves(_folder.File("whole")), Curves(run));
            Assert.Empty(Directory.EnumerateFileSystemEntries(run, "*.incoming", SearchOption.AllDirectories));
        }
    }

    [Theory]
    [InlineData("0: deploying")]
    [InlineData("0: evaluating")]
    [InlineData("1: fine-tuning")]
    [InlineData("1: deploying")]
    [InlineData("2: evaluating")]
    public async Task A_run_killed_in_a_phase_ends_as_if_nothing_had_happened(string phase)
    {
        CliResult whole = await OuterloopProcess.Run([.. Small, "--out", _folder.File("whole")]);
        string run = _folder.File("killed");
        using (OuterloopProcess cli = OuterloopProcess.Start([.. Small, "--out", run]))
        {
            Assert.True(await cli.Says($"blocksworld generation {phase}"));
            cli.Kill();
            await cli.End();
        }

        CliResult end = await OuterloopProcess.Run([.. Start(run), "--out", run]);
        Assert.Equal(OuterloopProcess.Figures(whole), OuterloopProcess.Figures(end));
        Assert.Equal(Weights(_folder.File("whole")), Weights(run));
        Assert.Equal(Curves(_folder.File("whole")), Curves(run));
    }

    [Fact]
    public async Task Ctrl_C_keeps_what_is_finished_and_says_how_to_go_on()
    {
        CliResult whole = await OuterloopProcess.Run([.. Small, "--out", _folder.File("whole")]);
        string run = _folder.File("stopped");
        using (OuterloopProcess cli = OuterloopProcess.Start([.. Small, "--out", run]))
        {
            while (!File.Exists(Path.Combine(run, "store.sqlite")) && !await cli.EndsWithin(TimeSpan.FromMilliseconds(20)))
            {
            }

            await cli.EndsWithin(TimeSpan.FromMilliseconds(300));
            cli.Interrupt();
            CliResult stopped = await cli.End();
            Assert.Equal(130, stopped.ExitCode);
            Assert.Contains($"outerloop run --resume --out {run}", stopped.Messages);
            Assert.DoesNotContain("   at ", stopped.Messages);
            Assert.Empty(stopped.Output);
        }

        CliResult resumed = await OuterloopProcess.Run("run", "--json", "--resume", "--out", run);
        Assert.True(resumed.ExitCode == 0, resumed.Messages);
        Assert.Equal(OuterloopProcess.Figures(whole), OuterloopProcess.Figures(resumed));
    }

    private static string[] Start(string run) => File.Exists(Path.Combine(run, "run.yaml")) ? ["run", "--json", "--resume"] : Small;

    /// <summary>Starts and resumes a run, killing it after each of the times given, until it ends by itself.</summary>
    private static async Task<CliResult> RunToTheEnd(string run, Func<TimeSpan?> nextKill)
    {
        while (true)
        {
            using OuterloopProcess cli = OuterloopProcess.Start([.. Start(run), "--threads", "2", "--out", run]);
            if (nextKill() is not { } time || await cli.EndsWithin(time))
                return await cli.End();
            cli.Kill();
            await cli.End();
        }
    }

    /// <summary>The steps of the fine-tunings.</summary>
    private static string Curves(string run) =>
        string.Concat(Enumerable.Range(1, 2).Select(generation => File.ReadAllText(Path.Combine(run, "generations", "blocksworld", $"{generation}.training.csv"))));

    private static string Weights(string run) =>
        Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(
            File.ReadAllBytes(Path.Combine(run, "generations", "blocksworld", "2", "model.safetensors"))));
}
