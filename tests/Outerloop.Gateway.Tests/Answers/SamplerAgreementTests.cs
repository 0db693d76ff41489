using System.Globalization;
using System.Text.Json.Nodes;
using Outerloop.Gateway.Tests.Support;
using Outerloop.Model.Sampling;

namespace Outerloop.Gateway.Tests.Answers;

/// <summary>Answers are to the last bit those that the sampler gives to the same request when nothing else is asked of it.</summary>
public sealed class SamplerAgreementTests : IAsyncLifetime
{
    private BaseGateway _gateway = null!;

    public async Task InitializeAsync() => _gateway = await BaseGateway.Start();

    public async Task DisposeAsync() => await _gateway.DisposeAsync();

    [Fact]
    public async Task Seeds_of_64_bits_give_the_samplers_tokens_and_both_kinds_of_log_probabilities()
    {
        ulong[] seeds = [0xFEDC_BA98_7654_3210, 7, 1UL << 63];
        JsonArray choices = await Choices($"\"seeds\":[{string.Join(',', seeds)}],\"max_tokens\":192,\"logprobs\":0,\"return_token_ids\":true");
        for (int i = 0; i < seeds.Length; i++)
        {
            (string text, SampleResult alone) = await Alone.Answer(BaseGateway.Words, seeds[i]);
            JsonNode choice = choices[i]!;
            Assert.Equal(text, (string)choice["text"]!);
            Assert.Equal(alone.Tokens, choice["token_ids"]!.AsArray().Select(token => (int)token!));
            Assert.Equal(alone.LogProbs, choice["logprobs"]!["token_logprobs"]!.AsArray().Select(logProb => (float)logProb!));
            Assert.Equal(alone.SamplingLogProbs, choice["sampling_logprobs"]!.AsArray().Select(logProb => (float)logProb!));
        }
    }

    [Fact]
    public async Task Filters_and_limits_are_the_samplers()
    {
        JsonArray choices = await Choices("\"seed\":11,\"max_tokens\":3,\"top_k\":2,\"top_p\":0.9,\"min_p\":0.05");
        (string text, _) = await Alone.Answer(BaseGateway.Words, 11, maxTokens: 3, new TokenFilter { TopK = 2, TopP = 0.9f, MinP = 0.05f });
        Assert.Equal((text, "length"), ((string)choices[0]!["text"]!, (string)choices[0]!["finish_reason"]!));
    }

    [Fact]
    public async Task Forty_streams_at_once_each_say_what_the_sampler_says_alone()
    {
        string[] streams = await Task.WhenAll(Enumerable.Range(0, 40).Select(Streamed));
        for (int seed = 0; seed < streams.Length; seed++)
            Assert.Equal((await Alone.Answer(BaseGateway.Words, (ulong)seed)).Text, streams[seed]);
    }

    private async Task<string> Streamed(int seed)
    {
        string text = (await _gateway.Post("/v1/completions", Body(string.Create(CultureInfo.InvariantCulture, $"\"seed\":{seed},\"max_tokens\":192,\"stream\":true")))).Text;
        string[] events = text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries);
        return string.Concat(events[..^1].Select(line => (string)JsonNode.Parse(line["data: ".Length..])!["choices"]![0]!["text"]!));
    }

    private async Task<JsonArray> Choices(string members) => (await _gateway.Post("/v1/completions", Body(members))).Body!["choices"]!.AsArray();

    private static string Body(string members) => $"{{\"model\":\"{BaseGateway.Model}\",\"prompt\":\"{BaseGateway.Words}\",{members}}}";
}
