using Outerloop.Model.Decoder;
using Outerloop.Model.Kernels;
using Outerloop.Model.Sampling;
using Outerloop.Model.Tests.Checkpoints;
using static Outerloop.Model.Tests.Sampling.Samples;

namespace Outerloop.Model.Tests.Sampling;

public sealed class SamplerTests
{
    private static readonly ModelConfig Config = TestModels.Tiny;

    /// <summary>Shapes with one, two and eight query heads to a key/value head, widths that no vector divides, untied.</summary>
    public static TheoryData<int, int, int, bool> Shapes() => new()
    {
        { 2, 2, 8, true },
        { 4, 2, 6, false },
        { 8, 1, 20, true },
        { 4, 2, 32, true },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public async Task Greedy_takes_the_likeliest_token_of_reading_the_whole_sequence_at_each_step(int heads, int kvHeads, int headDim, bool tied)
    {
        Parameters parameters = TestModels.Lively(Config with { Heads = heads, KvHeads = kvHeads, HeadDim = headDim, TieEmbeddings = tied }, seed: 11);
        var model = new WholeSequence(parameters);
        SampleRequest[] requests = [.. Enumerable.Range(0, 5).Select(i => new SampleRequest(i, Prompt(9, (ulong)i), 70, 0, 0, -1))];
        List<SampleResult> results = await Sample(parameters, requests);
        foreach (SampleResult result in results)
        {
            int[] prompt = requests[result.Id].Prompt;
            float[][] logits = model.Logits([.. prompt, .. result.Tokens]);
            Assert.Equal(70, result.Tokens.Length);
            Assert.Equal(logits[(prompt.Length - 1)..^1].Select(row => Array.IndexOf(row, row.Max())), result.Tokens);
            Assert.All(result.SamplingLogProbs, logProb => Assert.Equal(0f, logProb));
        }

        Assert.True(results.SelectMany(result => result.Tokens).Distinct().Count() > 3, "a model that repeats itself would prove little");
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public async Task Log_probabilities_are_those_of_reading_the_whole_sequence_bit_for_bit(int heads, int kvHeads, int headDim, bool tied)
    {
        Parameters parameters = TestModels.Lively(Config with { Heads = heads, KvHeads = kvHeads, HeadDim = headDim, TieEmbeddings = tied }, seed: 12);
        var model = new WholeSequence(parameters);
        foreach (SampleRequest request in Requests(6, temperature: 0.7f))
        {
            SampleResult result = Assert.Single(await Sample(parameters, [request]));
            float[] expected = model.LogProbabilities([.. request.Prompt, .. result.Tokens], request.Prompt.Length);
            Assert.Equal(expected, result.LogProbs);
        }
    }

    /// <summary>The cache holds eight bits of each key and value; what the trainer computes has all of them.</summary>
    [Theory]
    [MemberData(nameof(Shapes))]
    public async Task Log_probabilities_are_near_those_of_the_full_forward_pass(int heads, int kvHeads, int headDim, bool tied)
    {
        Parameters parameters = TestModels.Lively(Config with { Heads = heads, KvHeads = kvHeads, HeadDim = headDim, TieEmbeddings = tied }, seed: 12);
        var model = new LanguageModel(parameters);
        var errors = new List<float>();
        await foreach (SampleResult result in new Sampler(parameters).Sample(Requests(6, temperature: 0.7f)))
        {
            int[] prompt = Requests(6, temperature: 0.7f)[result.Id].Prompt;
            float[] expected = model.LogProbabilities([.. prompt, .. result.Tokens], prompt.Length);
            errors.AddRange(expected.Zip(result.LogProbs, (a, b) => Math.Abs(a - b)));
        }

        Assert.InRange(errors.Max(), 1e-6f, 0.15f);
        Assert.InRange(errors.Average(), 1e-6f, 0.02f);
    }

    [Fact]
    public async Task A_cache_that_grows_keeps_what_it_holds()
    {
        Parameters parameters = TestModels.Lively(Config with { MaxPositions = 600 }, seed: 25);
        SampleRequest[] requests = [.. Enumerable.Range(0, 5).Select(i => new SampleRequest(i, Prompt(130, seed: 6), 470, 1, (ulong)i, -1))];
        var model = new WholeSequence(parameters);
        foreach (SampleResult result in await Sample(parameters, requests, new SamplerOptions { Threads = 1, BatchSize = 2 }))
        {
            Assert.Equal(470, result.Tokens.Length);
            Assert.Equal(model.LogProbabilities([.. requests[0].Prompt, .. result.Tokens], 130), result.LogProbs);
        }
    }

    [Fact]
    public async Task Log_probabilities_at_the_sampling_temperature_are_those_of_the_scaled_logits()
    {
        Parameters parameters = TestModels.Lively(Config, seed: 13);
        SampleRequest request = Requests(1, temperature: 0.5f)[0];
        SampleResult result = Assert.Single(await Sample(parameters, [request]));
        float[][] logits = new WholeSequence(parameters).Logits([.. request.Prompt, .. result.Tokens]);
        for (int i = 0; i < result.Tokens.Length; i++)
        {
            double[] scaled = [.. logits[request.Prompt.Length - 1 + i].Select(logit => logit / 0.5)];
            double expected = scaled[result.Tokens[i]] - Math.Log(scaled.Sum(Math.Exp));
            Assert.Equal(expected, result.SamplingLogProbs[i], 1e-5);
        }
    }

    [Fact]
    public async Task A_sample_depends_on_neither_threads_nor_batch_nor_order_nor_what_is_sampled_beside_it()
    {
        Parameters parameters = TestModels.Lively(Config, seed: 14);
        SampleRequest[] requests = Requests(40, temperature: 1, filtered: true);
        SampleResult[] alone = [.. (await Task.WhenAll(requests.Select(request => Sample(parameters, [request])))).Select(results => results[0])];
        foreach ((int threads, int batch, SampleRequest[] order) in new[]
        {
            (1, 1, requests), (1, 7, requests), (3, 5, requests), (2, 64, requests), (1, 64, requests.Reverse().ToArray()), (2, 6, Shuffled(requests)),
        })
        {
            List<SampleResult> results = await Sample(parameters, order, new SamplerOptions { Threads = threads, BatchSize = batch });
            AssertSame(alone, [.. results.OrderBy(result => result.Id)]);
        }
    }

    [Fact]
    public async Task Requests_of_one_prompt_are_the_same_whether_they_share_its_prefill_or_not()
    {
        Parameters parameters = TestModels.Lively(Config, seed: 15);
        SampleRequest[] together = [.. Requests(3, temperature: 1).SelectMany(first => Enumerable.Range(0, 9).Select(
            sample => first with
            {
                Id = (first.Id * 9) + sample,
                Seed = (ulong)((first.Id * 9) + sample),
                Prompt = [.. first.Prompt],
                Filter = Filters[sample % Filters.Length],
                MaxNewTokens = 5 + (sample * 7),
            }))];
        SampleRequest[] apart = Shuffled(together);
        var options = new SamplerOptions { Threads = 1, BatchSize = 4 };
        AssertSame(await Sample(parameters, together, options), await Sample(parameters, apart, options));
    }

    [Fact]
    public async Task Every_tier_follows_the_scalar_twin()
    {
        Parameters parameters = TestModels.Lively(Config with { HeadDim = 32 }, seed: 16);
        SampleRequest[] requests = Requests(5, temperature: 0);
        List<SampleResult> expected = await Sample(parameters, requests, kernels: KernelSet.Available[0]);
        foreach (KernelSet tier in KernelSet.Available)
        {
            List<SampleResult> actual = await Sample(parameters, requests, kernels: tier);
            foreach ((SampleResult twin, SampleResult vector) in expected.OrderBy(r => r.Id).Zip(actual.OrderBy(r => r.Id)))
            {
                Assert.Equal(twin.Tokens, vector.Tokens);
                AssertClose(twin.LogProbs, vector.LogProbs, 1e-4f);
            }
        }
    }

    [Fact]
    public void A_position_has_the_same_logits_bit_for_bit_by_prefill_in_any_pieces_and_by_decoding()
    {
        var model = new SamplingModel(TestModels.Lively(Config, seed: 17), KernelSet.Best);
        var step = new DecoderStep(model, maxRows: 80, maxLogits: 1);
        int[] tokens = Prompt(77, seed: 5);
        float[] expected = LogitsByPieces(model, step, tokens, [77]);
        foreach (int[] pieces in new[] { [76, 1], [1, 76], [5, 7, 40, 25], Enumerable.Repeat(1, 77).ToArray() })
            Assert.Equal(expected, LogitsByPieces(model, step, tokens, pieces));
    }

    [Fact]
    public async Task Filtered_log_probabilities_are_those_of_what_the_filter_leaves()
    {
        Parameters parameters = TestModels.Lively(Config, seed: 13);
        SampleRequest request = new(0, Prompt(9, seed: 1), 40, 0.8f, 3, -1) { Filter = new TokenFilter { TopK = 4 } };
        SampleResult result = Assert.Single(await Sample(parameters, [request]));
        float[][] logits = new WholeSequence(parameters).Logits([.. request.Prompt, .. result.Tokens]);
        for (int i = 0; i < result.Tokens.Length; i++)
        {
            float[] row = logits[request.Prompt.Length - 1 + i];
            double[] best = [.. row.OrderDescending().Take(4).Select(logit => logit / 0.8)];
            Assert.Contains(row[result.Tokens[i]] / 0.8, best);
            Assert.Equal((row[result.Tokens[i]] / 0.8) - Math.Log(best.Sum(Math.Exp)), result.SamplingLogProbs[i], 1e-5);
        }
    }

    [Fact]
    public async Task Weights_that_are_not_numbers_are_reported()
    {
        Parameters parameters = TestModels.Lively(Config, seed: 20);
        parameters.Values[^1] = float.NaN;
        await Assert.ThrowsAsync<ArithmeticException>(() => Sample(parameters, Requests(3, temperature: 1)));
    }

    /// <summary>Pearson's χ² of the first token against the softmax of the full forward pass, 22 degrees of freedom.</summary>
    [Theory]
    [InlineData(0.6f)]
    [InlineData(1f)]
    [InlineData(2f)]
    public async Task Tokens_are_drawn_from_the_softmax_at_the_temperature(float temperature)
    {
        const int Draws = 20_000;
        Parameters parameters = Parameters.Random(Config, seed: 21);
        foreach (ref float value in parameters[parameters.Layout.Embedding])
            value *= 15;
        int[] prompt = [3, 1, 4, 1, 5];
        float[] logits = new WholeSequence(parameters).Logits(prompt)[^1];
        double[] weights = [.. logits.Select(logit => Math.Exp(logit / temperature))];
        double total = weights.Sum();
        int[] counts = new int[Config.Vocabulary];
        IEnumerable<SampleRequest> requests = Enumerable.Range(0, Draws).Select(i => new SampleRequest(i, prompt, 1, temperature, (ulong)i, -1));
        foreach (SampleResult result in await Sample(parameters, requests))
            counts[result.Tokens[0]]++;

        double chiSquare = 0;
        for (int token = 0; token < counts.Length; token++)
        {
            double expected = Draws * weights[token] / total;
            chiSquare += (counts[token] - expected) * (counts[token] - expected) / expected;
        }

        Assert.InRange(chiSquare, 6.0, 48.3);
    }

    private static SampleRequest[] Shuffled(SampleRequest[] requests)
    {
        SampleRequest[] shuffled = [.. requests];
        new SplitMix64(99).Shuffle<SampleRequest>(shuffled);
        return shuffled;
    }

    private static float[] LogitsByPieces(SamplingModel model, DecoderStep step, int[] tokens, int[] pieces)
    {
        var cache = new KeyValueCache(Config, tokens.Length);
        float[] logits = [];
        int position = 0;
        foreach (int piece in pieces)
        {
            StepSegment segment = new(cache, position, 0, piece);
            step.Run([segment], tokens.AsSpan(position, piece));
            logits = step.Logits([segment]).RowSpan(0).ToArray();
            position += piece;
        }

        return logits;
    }

    private static void AssertSame(IEnumerable<SampleResult> expected, IEnumerable<SampleResult> actual)
    {
        SampleResult[] left = [.. expected.OrderBy(result => result.Id)], right = [.. actual.OrderBy(result => result.Id)];
        Assert.Equal(left.Length, right.Length);
        for (int i = 0; i < left.Length; i++)
        {
            Assert.Equal((left[i].Id, left[i].Finish), (right[i].Id, right[i].Finish));
            Assert.Equal(left[i].Tokens, right[i].Tokens);
            Assert.Equal(left[i].LogProbs, right[i].LogProbs);
            Assert.Equal(left[i].SamplingLogProbs, right[i].SamplingLogProbs);
        }
    }

    private static void AssertClose(float[] expected, float[] actual, float tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], actual[i], tolerance);
    }
}
