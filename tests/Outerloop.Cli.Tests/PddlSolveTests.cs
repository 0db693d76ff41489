using System.Text.Json.Nodes;
using Outerloop.Cli.Tests.Support;

namespace Outerloop.Cli.Tests;

/// <summary><c>outerloop pddl solve</c> as a process: what it prints where, and one exit code per outcome.</summary>
public sealed class PddlSolveTests : IDisposable
{
    private const string Domain = """
        (define (domain d)
          (:predicates (p) (q) (r))
          (:functions (total-cost))
          (:action dear :precondition (p) :effect (and (q) (increase (total-cost) 7)))
          (:action cheap :precondition (p) :effect (and (r) (increase (total-cost) 2)))
          (:action second :precondition (r) :effect (and (q) (increase (total-cost) 2.5))))
        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_plan_is_printed_with_its_cost_and_validates()
    {
        string domain = _folder.Write("domain.pddl", Domain), problem = Problem("(p)", "(q)", "(:metric minimize (total-cost))");

        CliResult result = await OuterloopProcess.Run("pddl", "solve", domain, problem, "--optimal");

        Assert.Equal((0, "(cheap)\n(second)\n; cost = 4.5 (general cost)\n"), (result.ExitCode, result.Output));
        Assert.Contains("found a plan of least cost: 2 steps, cost 4.5", result.LastMessage);
        Assert.Equal(0, (await OuterloopProcess.Run("pddl", "validate", domain, problem, _folder.Write("plan", result.Output))).ExitCode);
    }

    [Fact]
    public async Task Without_a_metric_steps_are_counted()
    {
        CliResult result = await OuterloopProcess.Run("pddl", "solve", _folder.Write("domain.pddl", Domain), Problem("(p)", "(q)"));

        Assert.Equal((0, "(dear)\n; cost = 1 (unit cost)\n"), (result.ExitCode, result.Output));
    }

    [Fact]
    public async Task Json_says_all_in_one_document()
    {
        CliResult result = await OuterloopProcess.Run(
            "pddl", "solve", _folder.Write("domain.pddl", Domain), Problem("(p)", "(q)", "(:metric minimize (total-cost))"), "--anytime", "--json");

        JsonNode json = JsonNode.Parse(result.Output)!;
        Assert.Equal("solved", (string?)json["outcome"]);
        Assert.Equal(["(cheap)", "(second)"], json["plan"]!.AsArray().Select(step => (string?)step));
        Assert.Equal((4.5, true), ((double)json["cost"]!, (bool)json["optimal"]!));
    }

    [Fact]
    public async Task Exit_code_1_says_that_no_plan_exists()
    {
        CliResult result = await OuterloopProcess.Run("pddl", "solve", _folder.Write("domain.pddl", Domain), Problem("", "(q)"));

        Assert.Equal((1, ""), (result.ExitCode, result.Output));
        Assert.StartsWith("no plan exists", result.LastMessage);
    }

    [Fact]
    public async Task Exit_code_2_says_what_search_does_not_handle()
    {
        string domain = _folder.Write("domain.pddl", "(define (domain d) (:predicates (p) (q)) (:derived (q) (p)) (:action a :effect (p)))");

        CliResult result = await OuterloopProcess.Run("pddl", "solve", domain, Problem("", "(q)"));

        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        Assert.StartsWith("derived predicates are not supported by search", result.LastMessage);
    }

    [Fact]
    public async Task Exit_code_3_says_that_the_time_was_up()
    {
        (string domain, string problem) = await LargeBlocksTask();

        CliResult result = await OuterloopProcess.Run("pddl", "solve", domain, problem, "--optimal", "--timeout", "0.2");

        Assert.Equal((3, ""), (result.ExitCode, result.Output));
        Assert.StartsWith("the time was up before a plan was found", result.LastMessage);
    }

    [Fact]
    public async Task Ctrl_C_ends_an_anytime_search_and_keeps_its_best_plan()
    {
        (string domain, string problem) = await LargeBlocksTask();
        using OuterloopProcess cli = OuterloopProcess.Start("pddl", "solve", domain, problem, "--anytime", "--json");
        Assert.False(await cli.EndsWithin(TimeSpan.FromSeconds(4)));

        cli.Interrupt();

        CliResult result = await cli.End();
        Assert.Equal(130, result.ExitCode);
        Assert.Equal("solved", (string?)JsonNode.Parse(result.Output)!["outcome"]);
        Assert.Contains("stopped by Ctrl-C", result.LastMessage);
        Assert.Contains("searching: ", result.Messages);
    }

    [Fact]
    public async Task A_wrong_time_limit_is_refused()
    {
        CliResult result = await OuterloopProcess.Run("pddl", "solve", _folder.Write("domain.pddl", Domain), Problem("", "(q)"), "--timeout", "-1");

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("--timeout: -1 is not a number of seconds above 0", result.LastMessage);
    }

    private string Problem(string init, string goal, string more = "") =>
        _folder.Write("problem.pddl", $"(define (problem x) (:domain d) (:init {init}) (:goal {goal}) {more})");

    private async Task<(string Domain, string Problem)> LargeBlocksTask()
    {
        string tasks = _folder.File("tasks");
        await OuterloopProcess.Run("pddl", "generate", "blocksworld", "--count", "1", "--size", "blocks=20-20", "--out", tasks);
        return (Path.Combine(tasks, "domain.pddl"), Path.Combine(tasks, "p0001.pddl"));
    }
}
