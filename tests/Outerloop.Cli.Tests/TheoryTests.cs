using System.Text.Json.Nodes;
using Outerloop.Cli.Tests.Support;

namespace Outerloop.Cli.Tests;

/// <summary><c>outerloop theory</c> on a small run of the bundled base.</summary>
public sealed class TheoryTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_propositions_hold_on_a_runs_own_traces()
    {
        string run = Path.Combine(_folder.Path, "run");
        CliResult made = await OuterloopProcess.Run(
            "run", "--out", run, "--tasks", "120", "--held-out", "0", "--larger", "0", "--generations", "2", "--temperature", "0.8",
            "--trainer-epochs", "1", "--trainer-min-steps", "5");
        Assert.Equal(0, made.ExitCode);

        CliResult result = await OuterloopProcess.Run("theory", run, "--traces", "100", "--json");

        Assert.Equal(0, result.ExitCode);
        JsonNode report = JsonNode.Parse(result.Output)!;
        JsonNode first = report["proposition1"]!, second = report["proposition2"]!;
        Assert.InRange(Number(first, "cosine"), 0.999999, 1.0000001);
        Assert.Equal(Number(first, "expectedScale"), Number(first, "scale"), 1e-6);
        Assert.Equal((100, 2), ((int)Number(first, "n"), (int)Number(report, "generation")));
        Assert.InRange(Number(second, "maxRelativeError"), 0, 1e-4);
        Assert.InRange(Number(second, "effectiveSampleSize"), 1, Number(first, "valid"));
        Assert.Equal([2, 1, 0], second["policies"]!.AsArray().Select(policy => policy!["generation"]!.GetValue<int>()));
        Assert.InRange(Number(report["storedLogProbs"]!, "mean"), 0, 0.02);
        CliResult earlier = await OuterloopProcess.Run("theory", run, "--generation", "1");
        Assert.Contains("the whole fine-tuning", earlier.Output, StringComparison.Ordinal);
        CliResult reward = await OuterloopProcess.Run("reward", run, "--json");
        JsonNode choices = JsonNode.Parse(reward.Output)!["choices"]!;
        Assert.Equal([1, 2], choices.AsArray().Select(choice => choice!["generation"]!.GetValue<int>()));
        Assert.Equal((120, 240), ((int)Number(choices[0]!, "offered"), (int)Number(choices[1]!, "offered")));
        Assert.Equal("valid", choices[0]!["effects"]![0]!["feature"]!.GetValue<string>());
        Assert.Contains("keep", (await OuterloopProcess.Run("reward", "--help")).Output, StringComparison.Ordinal);
        CliResult none = await OuterloopProcess.Run("theory", run, "--generation", "7");
        Assert.Equal(2, none.ExitCode);
        Assert.Contains("--generation: the run has generations 0 to 2, not 7", none.LastMessage, StringComparison.Ordinal);
    }

    private static double Number(JsonNode node, string name) => node[name]!.GetValue<double>();
}
