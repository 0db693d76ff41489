using System.Text.Json.Nodes;
using Outerloop.Cli.Tests.Support;

namespace Outerloop.Cli.Tests;

/// <summary><c>outerloop model sample</c> and <c>init</c> as processes.</summary>
public sealed class ModelSampleTests
{
    private static readonly string Base = Path.Combine(AppContext.BaseDirectory, "models", "base");

    [Fact]
    public async Task An_answer_is_streamed_as_text_and_is_the_one_that_json_gives()
    {
        const string prompt = "<init> on b1 b2 on b2 b3 on-table b3 b4 b5 on b6 b4 clear b1 b5 b6 arm-empty <goal> on b3 b6 on b5 b3 on b2 b1 <plan>";
        string[] request = ["model", "sample", Base, "--prompt", prompt, "--max-tokens", "20", "--seed", "3", "--top-k", "8"];
        CliResult text = await OuterloopProcess.Run(request);
        CliResult json = await OuterloopProcess.Run([.. request, "--json", "--count", "2", "--threads", "2"]);

        JsonArray samples = JsonNode.Parse(json.Output)!["samples"]!.AsArray();
        Assert.Equal((0, 0, 2), (text.ExitCode, json.ExitCode, samples.Count));
        Assert.Equal(samples[0]!["text"]!.GetValue<string>() + "\n", text.Output);
        Assert.Matches(@"^\d+ tokens in [\d.]+ s; the first after [\d.]+ s, then [\d.]+ tokens/s$", text.LastMessage);
        Assert.Equal(samples[0]!["tokens"]!.AsArray().Count, samples[0]!["samplingLogProbs"]!.AsArray().Count);
        Assert.NotEqual(samples[0]!["tokens"]!.ToJsonString(), samples[1]!["tokens"]!.ToJsonString());
    }

    [Theory]
    [InlineData("give either --prompt or --tokens")]
    [InlineData("give either --prompt or --tokens", "--tokens", "1", "--prompt", "on")]
    [InlineData("--top-p: 0 is not above 0", "--tokens", "1", "--top-p", "0")]
    [InlineData("--temperature: -1 is not", "--tokens", "1", "--temperature", "-1")]
    [InlineData("--count: 0 is not", "--tokens", "1", "--count", "0")]
    [InlineData("'never' at character 0 is not in the vocabulary", "--prompt", "never seen")]
    public async Task What_cannot_be_sampled_is_refused_with_the_reason(string reason, params string[] options)
    {
        CliResult result = await OuterloopProcess.Run(["model", "sample", Base, .. options]);

        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        Assert.Contains(reason, result.LastMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_shape_that_is_not_known_is_named_with_those_that_are()
    {
        CliResult result = await OuterloopProcess.Run("model", "init", "--shape", "qwen3-0.6", "somewhere");

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("did you mean 'qwen3-0.6b'", result.LastMessage, StringComparison.Ordinal);
    }
}
