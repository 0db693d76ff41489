using System.Text.Json.Nodes;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using Outerloop.Cli.Tests.Support;

namespace Outerloop.Cli.Tests.Pddl;

/// <summary>A client of the protocol's own library speaks with the program as a process.</summary>
public sealed class McpTests : IAsyncLifetime, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private McpClient _client = null!;

    public async Task InitializeAsync() => _client = await McpClient.CreateAsync(new StdioClientTransport(new StdioClientTransportOptions
    {
        Command = "dotnet",
        Arguments = [Path.Combine(AppContext.BaseDirectory, "Outerloop.Cli.dll"), "pddl", "mcp"],
    }));

    public async Task DisposeAsync() => await _client.DisposeAsync();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_tools_are_listed_with_what_they_take()
    {
        IList<McpClientTool> tools = await _client.ListToolsAsync();
        Assert.Equal(["check", "solve", "validate"], tools.Select(tool => tool.Name).Order(StringComparer.Ordinal));
        Assert.All(tools, tool => Assert.NotEmpty(tool.Description));
        McpClientTool validate = tools.Single(tool => tool.Name == "validate");
        Assert.Equal("""["domain","problem","plan"]""", validate.JsonSchema.GetProperty("required").GetRawText());
    }

    [Fact]
    public async Task Errors_of_a_text_are_located()
    {
        JsonNode report = await Call("check", new() { ["domain"] = Texts.Domain, ["problem"] = "(define (problem q) (:domain d) (:objects o) (:init) (:goal (pp o)))" });
        Assert.False((bool)report["ok"]!);
        Assert.Equal(("problem", "unknown-predicate"), ((string)report["errors"]![0]!["file"]!, (string)report["errors"]![0]!["code"]!));
    }

    [Fact]
    public async Task Plans_are_judged_from_texts_and_from_files()
    {
        string domain = _folder.Write("domain.pddl", Texts.Domain), plan = _folder.Write("plan", "(a o)\n");
        Assert.Equal("valid", await Verdict(domain, Texts.Problem, plan));
        Assert.Equal("invalid", await Verdict(domain, Texts.Problem, ""));
        Assert.Equal("malformed", await Verdict(domain, Texts.Problem, "First:\n1. a(o)\n"));
        Assert.Equal("valid", await Verdict(domain, Texts.Problem, "First:\n1. a(o)\n", lenient: true));
        Assert.Equal("error", await Verdict(_folder.File("missing"), Texts.Problem, plan));
    }

    [Fact]
    public async Task A_plan_is_found_with_the_json_of_the_verb()
    {
        string domain = _folder.Write("domain.pddl", Texts.Domain), problem = _folder.Write("problem.pddl", Texts.Problem);
        JsonNode solved = await Call("solve", new() { ["domain"] = domain, ["problem"] = Texts.Problem, ["optimal"] = true, ["timeout"] = 30 });
        Assert.Equal("(a o)", (string)Assert.Single(solved["plan"]!.AsArray())!);
        JsonNode verb = JsonNode.Parse((await OuterloopProcess.Run("pddl", "solve", domain, problem, "--optimal", "--json")).Output)!;
        solved["seconds"] = 0;
        verb["seconds"] = 0;
        Assert.Equal(verb.ToJsonString(), solved.ToJsonString());
    }

    [Fact]
    public async Task What_cannot_be_solved_or_read_is_said()
    {
        JsonNode none = await Call("solve", new() { ["domain"] = Texts.Domain.Replace("(and)", "(p ?x)", StringComparison.Ordinal), ["problem"] = Texts.Problem });
        Assert.Equal("unsolvable", (string)none["outcome"]!);
        CallToolResult wrong = await _client.CallToolAsync("solve", new Dictionary<string, object?> { ["domain"] = Texts.Domain, ["problem"] = "(define)" });
        Assert.True(wrong.IsError);
        Assert.Contains("problem:1:1: error: bad-definition", ((TextContentBlock)wrong.Content[0]).Text, StringComparison.Ordinal);
        CallToolResult late = await _client.CallToolAsync("solve", new Dictionary<string, object?> { ["domain"] = Texts.Domain, ["problem"] = Texts.Problem, ["timeout"] = 0 });
        Assert.Contains("timeout: 0 is not", ((TextContentBlock)late.Content[0]).Text, StringComparison.Ordinal);
    }

    private async Task<string> Verdict(string domain, string problem, string plan, bool lenient = false) =>
        (string)(await Call("validate", new() { ["domain"] = domain, ["problem"] = problem, ["plan"] = plan, ["lenient"] = lenient }))["verdict"]!;

    private async Task<JsonNode> Call(string tool, Dictionary<string, object?> arguments)
    {
        CallToolResult result = await _client.CallToolAsync(tool, arguments);
        Assert.NotEqual(true, result.IsError);
        return JsonNode.Parse(((TextContentBlock)Assert.Single(result.Content)).Text)!;
    }
}
