using System.Text.Json;
using Outerloop.Cli.Tests.Support;

namespace Outerloop.Cli.Tests;

/// <summary><c>experiments/paper-qwen3-4b.yaml</c>, as a dry run.</summary>
public sealed class PaperExperimentTests
{
    private static readonly string[] Rates = ["--expect-tokens", "8000", "--expect-throughput", "20000", "--expect-training", "6000"];

    private static readonly string Experiment = Path.Combine(AppContext.BaseDirectory, "experiments", "paper-qwen3-4b.yaml");

    [Fact]
    public async Task A_dry_run_says_what_it_would_take()
    {
        CliResult result = await OuterloopProcess.Run(["run", Experiment, "--dry-run", "--out", "runs/paper", "--json", .. Rates]);
        Assert.True(result.ExitCode == 0, result.Messages);
        using var printed = JsonDocument.Parse(result.Output);
        JsonElement forecast = printed.RootElement;
        Assert.Equal("openai:Qwen/Qwen3-4B-Thinking-2507", forecast.GetProperty("policy").GetString());
        Assert.Equal(5, forecast.GetProperty("generations").GetInt32());
        Assert.EndsWith(Path.Combine("runs", "paper", "store.sqlite"), forecast.GetProperty("store").GetString(), StringComparison.Ordinal);
        Assert.True(forecast.GetProperty("hours").GetDouble() > 0);
        JsonElement[] domains = [.. forecast.GetProperty("domains").EnumerateArray()];
        Assert.Equal(["blocksworld", "rovers", "sokoban"], domains.Select(domain => domain.GetProperty("domain").GetString()));
        Assert.All(domains, domain =>
        {
            Assert.True(domain.GetProperty("requests").GetInt64() >= 6 * 1000);
            Assert.Equal(8000 * domain.GetProperty("answers").GetInt64(), domain.GetProperty("answerTokens").GetInt64());
            Assert.Contains("trainers/peft_sft.py --data ", domain.GetProperty("trainerCommand").GetString(), StringComparison.Ordinal);
            Assert.Contains("--base Qwen/Qwen3-4B-Thinking-2507 ", domain.GetProperty("trainerCommand").GetString(), StringComparison.Ordinal);
        });
        Assert.False(Directory.Exists("runs/paper"));
    }

    [Fact]
    public async Task What_a_person_reads_has_requests_tokens_store_command_and_hours()
    {
        CliResult result = await OuterloopProcess.RunInBash("COLUMNS=200 \"$@\"", ["dotnet", Path.Combine(AppContext.BaseDirectory, "Outerloop.Cli.dll"), "run", Experiment, "--dry-run", "--out", "runs/paper", .. Rates]);
        Assert.True(result.ExitCode == 0, result.Messages);
        Assert.All((string[])["requests", "tokens read", "store.sqlite", "trainer: torchrun --standalone", "hours at these rates"], words => Assert.Contains(words, result.Output, StringComparison.Ordinal));
    }
}
