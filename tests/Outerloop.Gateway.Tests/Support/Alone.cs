using Outerloop.Model.Sampling;

namespace Outerloop.Gateway.Tests.Support;

/// <summary>What the bundled base says to a prompt when nothing else is asked of it.</summary>
internal static class Alone
{
    public static async Task<(string Text, SampleResult Result)> Answer(string prompt, ulong seed, int maxTokens = 192, TokenFilter? filter = null)
    {
        using var model = SamplingCheckpoint.Open(BaseGateway.Folder, threads: 1);
        var request = new SampleRequest(0, model.Tokenizer!.Encode(prompt), maxTokens, 1, seed, model.EndOfText) { Filter = filter ?? TokenFilter.None };
        await foreach (SampleResult result in model.Sampler.Sample([request], new SamplerOptions { Threads = 1 }))
            return (model.Tokenizer.Decode(result.Tokens.AsSpan()[..^result.StopLength]), result);
        throw new InvalidOperationException("no answer");
    }
}
