using Outerloop.Model.Decoder;
using Outerloop.Model.Kernels;
using Outerloop.Model.Sampling;
using Outerloop.Model.Tests.Checkpoints;

namespace Outerloop.Model.Tests.Sampling;

/// <summary>Requests to a <see cref="TestModels.Tiny"/> model, and its answers.</summary>
internal static class Samples
{
    public static readonly TokenFilter[] Filters =
        [TokenFilter.None, new() { TopK = 5 }, new() { TopP = 0.8f }, new() { MinP = 0.1f }, new() { TopK = 9, TopP = 0.9f, MinP = 0.02f }];

    /// <summary>Prompts of several lengths, traces of several limits, filters and stops of all kinds.</summary>
    public static SampleRequest[] Requests(int count, float temperature, bool filtered = false) =>
        [.. Enumerable.Range(0, count).Select(i => new SampleRequest(
            i, Prompt(1 + (i * 7 % 50), (ulong)i), 5 + (i * 11 % 40), temperature, (ulong)(1000 + i), StopToken: i % 3 == 0 ? 4 : -1)
        {
            Filter = filtered ? Filters[i % Filters.Length] : TokenFilter.None,
            StopSequences = filtered && i % 2 == 0 ? [[i % 23, (i + 5) % 23], [7]] : [],
        })];

    public static int[] Prompt(int length, ulong seed)
    {
        var random = new SplitMix64(seed);
        int[] prompt = new int[length];
        for (int i = 0; i < length; i++)
            prompt[i] = random.Next(TestModels.Tiny.Vocabulary);
        return prompt;
    }

    public static async Task<List<SampleResult>> Sample(
        Parameters parameters, IEnumerable<SampleRequest> requests, SamplerOptions? options = null, KernelSet? kernels = null)
    {
        var results = new List<SampleResult>();
        await foreach (SampleResult result in new Sampler(parameters, kernels ?? KernelSet.Best).Sample(requests, options ?? new SamplerOptions { Threads = 2 }))
            results.Add(result);
        return results;
    }
}
