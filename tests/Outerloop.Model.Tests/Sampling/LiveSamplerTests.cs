using System.Collections.Immutable;
using Outerloop.Model.Decoder;
using Outerloop.Model.Sampling;
using Outerloop.Model.Tests.Checkpoints;

namespace Outerloop.Model.Tests.Sampling;

public sealed class LiveSamplerTests
{
    private static readonly SamplerOptions Two = new() { Threads = 2, BatchSize = 3 };

    [Fact]
    public async Task Streams_give_the_tokens_that_the_sampler_gives_to_the_same_requests()
    {
        var sampler = new Sampler(TestModels.Lively(TestModels.Tiny, seed: 31));
        SampleRequest[] requests = [.. Enumerable.Range(0, 20).Select(i => Request(i, length: 10 + i))];
        await using var live = new LiveSampler(sampler, Two);
        List<SampledToken>[] streams = await Task.WhenAll(requests.Select(request => Collect(live.Stream(request))));
        await foreach (SampleResult result in sampler.Sample(requests, Two))
        {
            List<SampledToken> stream = streams[result.Id];
            Assert.Equal(result.Tokens, stream.Select(token => token.Token));
            Assert.Equal(result.LogProbs, stream.Select(token => token.LogProb));
            Assert.Equal(result.SamplingLogProbs, stream.Select(token => token.SamplingLogProb));
            Assert.Equal(result.Finish, stream[^1].Finish);
            Assert.All(stream.SkipLast(1), token => Assert.Null(token.Finish));
        }
    }

    [Fact]
    public async Task A_stream_that_its_reader_leaves_makes_room_for_another()
    {
        await using var live = new LiveSampler(Model(), new SamplerOptions { Threads = 1, BatchSize = 1 });
        for (int i = 0; i < 3; i++)
        {
            await foreach (SampledToken _ in live.Stream(Request(i, length: 500)))
                break;
        }

        Assert.Equal(4, (await Collect(live.Stream(Request(9, length: 4)))).Count);
    }

    [Fact]
    public async Task Cancelling_a_request_ends_its_stream_and_no_other()
    {
        using var cancellation = new CancellationTokenSource();
        await using var live = new LiveSampler(Model(), Two);
        IAsyncEnumerator<SampledToken> cancelled = live.Stream(
            Request(0, length: 500) with { Cancellation = cancellation.Token }).GetAsyncEnumerator();
        Task<List<SampledToken>> other = Collect(live.Stream(Request(1, length: 80)));
        Assert.True(await cancelled.MoveNextAsync());
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            while (await cancelled.MoveNextAsync())
            {
            }
        });
        await cancelled.DisposeAsync();
        Assert.Equal(80, (await other).Count);
    }

    [Fact]
    public async Task A_model_that_fails_fails_every_stream_with_the_reason()
    {
        Parameters parameters = TestModels.Lively(TestModels.Tiny, seed: 20);
        parameters.Values[^1] = float.NaN;
        await using var live = new LiveSampler(new Sampler(parameters), Two);
        await Assert.ThrowsAsync<ArithmeticException>(() => Collect(live.Stream(Request(0, length: 5))));
        await Assert.ThrowsAsync<ArithmeticException>(() => Collect(live.Stream(Request(1, length: 5))));
    }

    [Fact]
    public async Task Disposing_ends_the_streams_that_are_open()
    {
        var live = new LiveSampler(Model(), Two);
        IAsyncEnumerator<SampledToken> open = live.Stream(Request(0, length: 500)).GetAsyncEnumerator();
        Assert.True(await open.MoveNextAsync());
        await live.DisposeAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            while (await open.MoveNextAsync())
            {
            }
        });
        await open.DisposeAsync();
    }

    private static Sampler Model() => new(TestModels.Lively(TestModels.Tiny with { MaxPositions = 600 }, seed: 32));

    private static SampleRequest Request(int id, int length) =>
        new(id, [1, 2, 3, id / 2], length, 0.9f, (ulong)id, StopToken: -1)
        {
            Filter = new TokenFilter { TopK = id % 3 == 0 ? 0 : 7, TopP = 0.95f },
            StopSequences = id % 4 == 0 ? [[5, 6]] : ImmutableArray<ImmutableArray<int>>.Empty,
        };

    private static async Task<List<SampledToken>> Collect(IAsyncEnumerable<SampledToken> stream)
    {
        var tokens = new List<SampledToken>();
        await foreach (SampledToken token in stream)
            tokens.Add(token);
        return tokens;
    }
}
