using Outerloop.Runs;
using Outerloop.Tests.Support;
using Outerloop.Traces;

namespace Outerloop.Tests.Policies.Servers;

/// <summary>Whatever a server does, a run loses nothing and counts no failure of it as the model's.</summary>
public sealed class HostileServerTests : IDisposable
{
    private static readonly Mischief[] Passing =
    [
        .. Enum.GetValues<Mischief>().Where(mischief => mischief is > Mischief.None and < Mischief.NoRoom),
    ];

    /// <summary>No machine is so slow, and no timer of anything else is of this length.</summary>
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(181);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_run_against_a_hostile_server_ends_as_one_against_a_healthy_server()
    {
        await using PlanServer healthy = await PlanServer.Start();
        await using PlanServer hostile = await PlanServer.Start(diesAt: 300);
        hostile.Mischief = (problem, before) => before switch
        {
            0 => Passing[Number(problem) % Passing.Length],
            1 when Number(problem) % 5 == 0 => Mischief.Broken,
            _ => Mischief.None,
        };

        ServerRun plain = new(_folder.File("healthy"), healthy.Url), troubled = Run("hostile", hostile);
        plain = new ServerRun(_folder.File("healthy"), healthy.Url) { Settings = troubled.Settings, Options = plain.Options with { Deadline = Long } };
        DomainSummary calm = await plain.Execute(), rough = await troubled.Execute();

        IReadOnlyList<Trace> expected = await plain.Traces(), kept = await troubled.Traces();
        Assert.Equal(500, kept.Select(trace => trace.Id).Distinct().Count());
        Assert.Equal(expected.Select(Verdict), kept.Select(Verdict));
        Assert.Equal(calm.Generations[0].Outcomes, rough.Generations[0].Outcomes);
        Assert.Equal(0, rough.Generations[0].Outcomes.ModelFailed);
        Assert.InRange(calm.Generations[0].Solved, 250, 450);
        PhaseCost cost = PhaseCost.Total(rough.Costs);
        Assert.InRange(cost.Retries, 500, 2000);
        Assert.Equal(500 + cost.Failures + cost.Retries, cost.Requests);
        Assert.Equal(0, PhaseCost.Total(calm.Costs).Retries);
        Assert.Contains(troubled.Notices, notice => notice.Contains("failures in a row, paused"));
        Assert.Contains(troubled.Notices, notice => notice.EndsWith("answers again", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(Mischief.Hang)]
    [InlineData(Mischief.Reset)]
    [InlineData(Mischief.Busy)]
    [InlineData(Mischief.Malformed)]
    [InlineData(Mischief.HalfACharacter)]
    [InlineData(Mischief.Enormous)]
    [InlineData(Mischief.AnothersAnswer)]
    public async Task What_a_server_never_answers_is_told_apart_and_left_for_a_resumed_run(object mischief)
    {
        await using PlanServer server = await PlanServer.Start();
        server.Mischief = (problem, _) => Number(problem) % 10 == 3 ? (Mischief)mischief : Mischief.None;
        var clock = new DeadlineClock(Long);
        ServerRun run = Run("run", server, 60);
        run = new ServerRun(_folder.File("run"), server.Url) { Clock = clock, Options = run.Options with { Deadline = Long, Retries = 1, FailuresToPause = 1000 } };

        Task<DomainSummary> running = run.Execute();
        while (!running.IsCompleted)
        {
            clock.PassIf(server.Hung);
            await Task.WhenAny(running, Task.Delay(10));
        }

        GenerationSummary first = (await running).Generations[0];
        Assert.Equal(6, first.Outcomes.ModelFailed);
        Assert.Equal(54, first.Outcomes.Valid + first.Outcomes.Invalid);
        int asked = server.Requests;
        server.Mischief = (_, _) => Mischief.None;
        GenerationSummary second = (await run.Execute(resume: true)).Generations[0];

        Assert.Equal(6, server.Requests - asked);
        Assert.Equal(60, second.Outcomes.Valid + second.Outcomes.Invalid);
    }

    private ServerRun Run(string name, PlanServer server, int tasks = 500)
    {
        var run = new ServerRun(_folder.File(name), server.Url);
        return new ServerRun(_folder.File(name), server.Url) { Settings = run.Settings with { Tasks = tasks }, Options = run.Options with { Deadline = TimeSpan.FromSeconds(1) } };
    }

    private static int Number(string problem) => int.Parse(problem[(problem.LastIndexOf('-') + 1)..], System.Globalization.CultureInfo.InvariantCulture);

    private static (TraceId, Outcome, string, int) Verdict(Trace trace) => (trace.Id, trace.Outcome, trace.Text, trace.AnswerTokens);
}
