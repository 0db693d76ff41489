using Outerloop.Model.Decoder;
using Outerloop.Model.Measurement;
using Outerloop.Model.Sampling;
using Outerloop.Model.Tests.Checkpoints;
using static Outerloop.Model.Tests.Sampling.Samples;

namespace Outerloop.Model.Tests.Measurement;

public sealed class DecodingWindowTests
{
    private static readonly SamplingModel Model = new Sampler(Parameters.Random(TestModels.Tiny, seed: 1)).Model;

    /// <summary>The first token of each comes from its prompt and is before it; all others are in it, and nothing else is.</summary>
    [Fact]
    public void One_worker_draws_every_later_token_in_it()
    {
        using DecodingWindow window = Window(sequences: 5, tokens: 9, CancellationToken.None);
        window.Run(Model, new SamplerOptions { Threads = 1, BatchSize = 5 });
        // The first sequence that ends closes it, before the four others have delivered theirs of the same step.
        Assert.Equal((5 * 8) - 4, window.Tokens);
        Assert.Equal(TimeSpan.FromSeconds(1), window.Elapsed);
    }

    /// <summary>Workers with different shares wait for each other, and what one drew before the window does not count.</summary>
    [Fact]
    public void Several_workers_begin_it_together()
    {
        for (int again = 0; again < 20; again++)
        {
            using DecodingWindow window = Window(sequences: 5, tokens: 9, CancellationToken.None);
            window.Run(Model, new SamplerOptions { Threads = 3, BatchSize = 2 });
            Assert.InRange(window.Tokens, 6, 5 * 8);
            Assert.Equal(TimeSpan.FromSeconds(1), window.Elapsed);
        }
    }

    /// <summary>One token of context more, and the sequences would be cut short.</summary>
    [Theory]
    [InlineData(0, (2 * (SamplingBenchmark.NewTokens - 1)) - 1)]
    [InlineData(1, (2 * (SamplingBenchmark.NewTokens - 2)) - 1)]
    public void The_longest_context_leaves_room_for_every_token(int beyond, int expected)
    {
        int context = ModelBenchmark.LongestContext(Model.Config) + beyond;
        SampleRequest[] requests =
            [.. Enumerable.Range(0, 2).Select(i => new SampleRequest(i, Prompt(context, (ulong)i), SamplingBenchmark.NewTokens, 1, (ulong)i, StopToken: -1))];
        using var window = new DecodingWindow(requests, () => TimeSpan.Zero, CancellationToken.None);
        window.Run(Model, new SamplerOptions { Threads = 1, BatchSize = 2 });
        Assert.Equal(expected, window.Tokens);
    }

    [Fact]
    public void Cancelled_it_says_so()
    {
        using var stop = new CancellationTokenSource();
        using DecodingWindow window = Window(sequences: 4, tokens: 300, stop.Token);
        stop.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => window.Run(Model, new SamplerOptions { Threads = 2, BatchSize = 2 }));
    }

    /// <summary>With a clock that a second passes on between readings: there are two, at its beginning and its end.</summary>
    private static DecodingWindow Window(int sequences, int tokens, CancellationToken cancellation)
    {
        int readings = 0;
        SampleRequest[] requests =
            [.. Enumerable.Range(0, sequences).Select(i => new SampleRequest(i, Prompt(3 + i, (ulong)i), tokens, 1, (ulong)i, StopToken: -1))];
        return new DecodingWindow(requests, () => TimeSpan.FromSeconds(readings++), cancellation);
    }
}
