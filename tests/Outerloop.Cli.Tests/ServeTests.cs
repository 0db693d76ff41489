using System.Text.Json.Nodes;
using Outerloop.Cli.Tests.Support;

namespace Outerloop.Cli.Tests;

public sealed class ServeTests
{
    private static readonly string Base = Path.Combine(AppContext.BaseDirectory, "models", "base");

    [Fact]
    public async Task It_says_where_it_listens_and_what_it_serves_and_ends_at_Ctrl_C()
    {
        using var serve = OuterloopProcess.Start("serve", "--model", Base, "--port", "0", "--json");
        await serve.Speaks();
        serve.Interrupt();

        CliResult result = await serve.End();

        JsonNode said = JsonNode.Parse(result.Output)!;
        Assert.Matches("^http://127\\.0\\.0\\.1:[0-9]+/v1$", said["url"]!.GetValue<string>());
        Assert.Equal("base", Assert.Single(said["models"]!.AsArray())!.GetValue<string>());
        Assert.Equal(130, result.ExitCode);
    }

    [Theory]
    [InlineData("--run or --model")]
    [InlineData("no-such-folder", "--model", "no-such-folder")]
    [InlineData("no-such-run", "--run", "no-such-run")]
    [InlineData("--host", "--model", "models/base", "--host", "nowhere")]
    [InlineData("--port", "--model", "models/base", "--port", "70000")]
    public async Task Wrong_input_is_said(string said, params string[] arguments)
    {
        CliResult result = await OuterloopProcess.Run(["serve", .. arguments]);

        Assert.Equal(2, result.ExitCode);
        Assert.Contains(said, result.LastMessage, StringComparison.Ordinal);
    }
}
