using Outerloop.Model.Decoder;
using Outerloop.Model.Kernels;
using Outerloop.Model.Sampling;
using Outerloop.Model.Tests.Checkpoints;
using Outerloop.Model.Tests.Kernels.Emitted;

namespace Outerloop.Model.Tests.Sampling;

public sealed class MixedTierSamplingTests
{
    private static readonly ModelConfig Config = new()
    {
        Layers = 2,
        Dim = 48,
        Heads = 4,
        KvHeads = 2,
        HeadDim = 16,
        FeedForward = 80,
        Vocabulary = 50,
        MaxPositions = 64,
    };

    [Fact]
    public async Task Batch_and_threads_do_not_change_a_bit_of_a_sample()
    {
        Parameters parameters = TestModels.Lively(Config, seed: 21);
        SampleRequest[] requests = [.. Enumerable.Range(0, 6).Select(i => new SampleRequest(i, [1, 2 + i, 3], 12, 1, (ulong)i, -1))];
        foreach (KernelSet kernels in MixedTiers.All)
        {
            SampleResult[] alone = await Sample(kernels, parameters, requests, new SamplerOptions { Threads = 1, BatchSize = 1 });
            foreach ((int threads, int batch) in new[] { (1, 4), (1, 16), (2, 3) })
            {
                SampleResult[] together = await Sample(kernels, parameters, requests, new SamplerOptions { Threads = threads, BatchSize = batch });
                for (int i = 0; i < alone.Length; i++)
                {
                    Assert.Equal(alone[i].Tokens, together[i].Tokens);
                    Assert.Equal(alone[i].LogProbs, together[i].LogProbs);
                }
            }
        }
    }

    private static async Task<SampleResult[]> Sample(KernelSet kernels, Parameters parameters, SampleRequest[] requests, SamplerOptions options)
    {
        var results = new List<SampleResult>();
        await foreach (SampleResult result in new Sampler(parameters, kernels).Sample(requests, options))
            results.Add(result);
        return [.. results.OrderBy(result => result.Id)];
    }
}
