using System.Text.Json.Nodes;
using Outerloop.Cli.Tests.Support;

namespace Outerloop.Cli.Tests.Pddl;

public sealed class CheckTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Errors_are_shown_with_their_line_and_a_caret()
    {
        string domain = _folder.Write("domain.pddl", Texts.Domain.Replace(":effect (p", ":effect (pp", StringComparison.Ordinal));
        CliResult result = await OuterloopProcess.Run("pddl", "check", domain);
        Assert.Equal(2, result.ExitCode);
        Assert.Empty(result.Output);
        Assert.Equal(
            $"""
            {domain}:3:60: error: unknown-predicate: the predicate 'pp' is not declared
                (:action a :parameters (?x) :precondition (and) :effect (pp ?x)))
                                                                         ^
              did you mean 'p'?

            """.ReplaceLineEndings("\n"),
            result.Messages);
    }

    [Fact]
    public async Task All_errors_of_a_problem_are_a_json_document()
    {
        string domain = _folder.Write("domain.pddl", Texts.Domain);
        string problem = _folder.Write("problem.pddl", "(define (problem q)\n(:domain e)\n(:objects o)\n(:init (p o1))\n(:goal (p o)))");
        CliResult result = await OuterloopProcess.Run("pddl", "check", domain, problem, "--json");
        Assert.Equal(2, result.ExitCode);
        Assert.Empty(result.Messages);
        JsonNode report = JsonNode.Parse(result.Output)!;
        Assert.False((bool)report["ok"]!);
        JsonNode[] errors = [.. report["errors"]!.AsArray().Select(e => e!)];
        Assert.Equal(["wrong-domain", "unknown-object"], errors.Select(e => (string)e["code"]!));
        Assert.Equal(problem, (string)errors[1]["file"]!);
        Assert.Equal((4, 11), ((int)errors[1]["line"]!, (int)errors[1]["column"]!));
        Assert.Equal("o", (string)errors[1]["suggestion"]!);
    }

    [Fact]
    public async Task A_right_problem_is_ok()
    {
        string domain = _folder.Write("domain.pddl", Texts.Domain), problem = _folder.Write("problem.pddl", Texts.Problem);
        Assert.Equal(new CliResult(0, "ok\n", ""), await OuterloopProcess.Run("pddl", "check", domain, problem));
        CliResult json = await OuterloopProcess.Run("pddl", "check", domain, problem, "--json");
        Assert.Equal("""{"ok":true,"errors":[]}""", JsonNode.Parse(json.Output)!.ToJsonString());
    }

    [Fact]
    public async Task A_folder_is_no_file()
    {
        CliResult result = await OuterloopProcess.Run("pddl", "check", _folder.Path);
        Assert.Equal(new CliResult(2, "", $"{_folder.Path}:1:1: error: unreadable: the file cannot be read: it is a folder\n"), result);
    }

    [Fact]
    public async Task A_missing_file_is_an_error_like_any_other()
    {
        CliResult result = await OuterloopProcess.Run("pddl", "check", _folder.File("missing"), "--json");
        Assert.Equal(2, result.ExitCode);
        Assert.Equal("unreadable", (string)JsonNode.Parse(result.Output)!["errors"]![0]!["code"]!);
    }
}
