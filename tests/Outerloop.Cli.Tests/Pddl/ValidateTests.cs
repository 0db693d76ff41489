using System.Text.Json.Nodes;
using Outerloop.Cli.Tests.Support;

namespace Outerloop.Cli.Tests.Pddl;

public sealed class ValidateTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _domain;
    private readonly string _problem;

    public ValidateTests()
    {
        _domain = _folder.Write("domain.pddl", Texts.Domain);
        _problem = _folder.Write("problem.pddl", Texts.Problem);
        _folder.Write("good", "(a o)\n");
        _folder.Write("bad", "(a o)\n(a b9)\n");
        _folder.Write("answer.md", "I think:\n```\n(a o)\n```\n");
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_plan_with_an_unknown_object_is_invalid_at_that_step()
    {
        CliResult result = await OuterloopProcess.Run("pddl", "validate", _domain, _problem, _folder.File("bad"), "--json");
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("\"verdict\":\"invalid\",\"step\":2,\"reason\":\"unknown-object\"", result.Output);
    }

    [Fact]
    public async Task Each_plan_gets_a_line_and_the_worst_one_decides_the_exit_code()
    {
        string good = _folder.File("good"), bad = _folder.File("bad");
        CliResult result = await OuterloopProcess.Run("pddl", "validate", _domain, _problem, good, bad, good);
        Assert.Equal(
            $"{good}: valid, cost 1\n{bad}: invalid: step 2 (a b9): there is no object 'b9'\n{good}: valid, cost 1\n",
            result.Output);
        Assert.Equal(1, result.ExitCode);
        Assert.Equal(0, (await OuterloopProcess.Run("pddl", "validate", _domain, _problem, good)).ExitCode);
    }

    [Fact]
    public async Task Rows_of_a_batch_do_not_touch_each_other()
    {
        _folder.Write("broken.pddl", "(define (problem q) (:domain d) (:objects o) (:init) (:goal (pp o)))");
        string batch = _folder.Write("batch.tsv", """
            domain	problem	plan	truth
            domain.pddl	problem.pddl	good	valid
            domain.pddl	broken.pddl	good
            domain.pddl	missing.pddl	good
            domain.pddl	problem.pddl	missing

            domain.pddl problem.pddl good
            domain.pddl	problem.pddl	bad
            domain.pddl	problem.pddl	answer.md
            domain.pddl	problem.pddl	good
            """);
        CliResult result = await OuterloopProcess.Run("pddl", "validate", "--batch", batch, "--json");
        Assert.Equal(2, result.ExitCode);
        JsonNode[] lines = [.. result.Output.TrimEnd().Split('\n').Select(line => JsonNode.Parse(line)!)];
        Assert.Equal(
            ["valid ", "error unknown-predicate", "error unreadable", "error unreadable", "error bad-row", "invalid unknown-object", "malformed expected-step", "valid "],
            lines.Select(line => $"{line["verdict"]} {line["reason"]}"));
        Assert.Equal(["good", "good", "good", "missing", "", "bad", "answer.md", "good"], lines.Select(line => (string)line["plan"]!));
        Assert.StartsWith(_folder.File("broken.pddl") + ":1:", (string)lines[1]["message"]!);
        Assert.Contains($"{batch}:7", (string)lines[4]["message"]!);
    }

    [Fact]
    public async Task A_lenient_reading_says_what_it_skipped()
    {
        string answer = _folder.File("answer.md");
        CliResult text = await OuterloopProcess.Run("pddl", "validate", _domain, _problem, answer, "--lenient");
        Assert.Equal(new CliResult(0, $"{answer}: valid, cost 1\n", $"{answer}:1-1: skipped (prose): I think:\n"), text);
        CliResult json = await OuterloopProcess.Run("pddl", "validate", _domain, _problem, answer, "--lenient", "--json");
        Assert.Equal("prose", (string)JsonNode.Parse(json.Output)!["skipped"]![0]!["reason"]!);
    }

    [Fact]
    public async Task A_plan_beyond_the_time_limit_is_an_error_and_the_next_one_is_judged()
    {
        _folder.Write("slow-domain.pddl", Texts.SlowDomain);
        _folder.Write("slow-problem.pddl", Texts.SlowProblem);
        _folder.Write("slow", "(a o1)\n");
        string batch = _folder.Write("batch.tsv", "slow-domain.pddl\tslow-problem.pddl\tslow\ndomain.pddl\tproblem.pddl\tgood\n");
        CliResult result = await OuterloopProcess.Run("pddl", "validate", "--batch", batch, "--json", "--time-limit", "0.3");
        Assert.Equal(2, result.ExitCode);
        Assert.Contains("\"verdict\":\"error\",\"reason\":\"time-limit\"", result.Output);
        Assert.Contains("\"plan\":\"good\",\"verdict\":\"valid\"", result.Output);
    }

    [Fact]
    public async Task Ctrl_C_prints_what_is_finished_and_exits_with_130()
    {
        _folder.Write("slow-domain.pddl", Texts.SlowDomain);
        _folder.Write("slow-problem.pddl", Texts.SlowProblem);
        _folder.Write("slow", "(a o1)\n");
        string batch = _folder.Write("batch.tsv", "domain.pddl\tproblem.pddl\tgood\nslow-domain.pddl\tslow-problem.pddl\tslow\n");
        using OuterloopProcess cli = OuterloopProcess.Start("pddl", "validate", "--batch", batch, "--json", "--threads", "1");
        await cli.Speaks();
        cli.Interrupt();
        CliResult stopped = await cli.End();
        Assert.Equal(130, stopped.ExitCode);
        Assert.Contains("\"plan\":\"good\",\"verdict\":\"valid\"", stopped.Output);
        Assert.DoesNotContain("   at ", stopped.Messages);
    }

    [Theory]
    [InlineData("DOMAIN, PROBLEM and at least one PLAN are needed", "domain.pddl", "problem.pddl")]
    [InlineData("--batch names all files itself", "domain.pddl", "--batch", "batch.tsv")]
    [InlineData("--threads: 0 is not between 1 and 1024", "a", "b", "c", "--threads", "0")]
    [InlineData("--time-limit: 0 is not between", "a", "b", "c", "--time-limit", "0")]
    [InlineData("no-such-batch: cannot be read", "--batch", "no-such-batch")]
    [InlineData("Option '--batch' expects a single argument but 2 were provided", "--batch", "a", "--batch", "b")]
    [InlineData("Cannot parse argument 'x' for option '--threads'", "a", "b", "c", "--threads", "x")]
    public async Task A_wrong_usage_is_refused(string message, params string[] arguments)
    {
        CliResult result = await OuterloopProcess.Run(["pddl", "validate", .. arguments]);
        Assert.Equal(2, result.ExitCode);
        Assert.Contains(message, result.LastMessage);
        Assert.Empty(result.Output);
    }
}
