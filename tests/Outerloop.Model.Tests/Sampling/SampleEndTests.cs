using System.Collections.Immutable;
using Outerloop.Model.Decoder;
using Outerloop.Model.Sampling;
using Outerloop.Model.Tests.Checkpoints;
using static Outerloop.Model.Tests.Sampling.Samples;

namespace Outerloop.Model.Tests.Sampling;

/// <summary>How traces, and sampling as a whole, come to an end.</summary>
public sealed class SampleEndTests
{
    private static readonly ModelConfig Config = TestModels.Tiny;

    [Fact]
    public async Task The_stop_token_ends_a_trace_and_is_its_last_token()
    {
        Parameters parameters = TestModels.Lively(Config, seed: 18);
        SampleRequest request = new(0, Prompt(5, seed: 2), 60, 1, 42, -1);
        SampleResult free = Assert.Single(await Sample(parameters, [request]));
        Assert.Equal(FinishReason.Length, free.Finish);
        int stop = free.Tokens[30], first = Array.IndexOf(free.Tokens, stop);
        SampleResult stopped = Assert.Single(await Sample(parameters, [request with { StopToken = stop }]));
        Assert.Equal(FinishReason.Stop, stopped.Finish);
        Assert.Equal(free.Tokens[..(first + 1)], stopped.Tokens);
        Assert.Equal(free.LogProbs[..(first + 1)], stopped.LogProbs);
    }

    [Fact]
    public async Task A_stop_sequence_ends_a_trace_where_it_is_complete()
    {
        Parameters parameters = TestModels.Lively(Config, seed: 18);
        SampleRequest request = new(0, Prompt(5, seed: 2), 60, 1, 42, -1);
        int[] free = Assert.Single(await Sample(parameters, [request])).Tokens;
        ImmutableArray<int> stop = [.. free[29..32]];
        int end = Enumerable.Range(3, 57).First(length => free.AsSpan(0, length).EndsWith(stop.AsSpan()));
        SampleResult stopped = Assert.Single(await Sample(
            parameters, [request with { StopSequences = [[.. free[1..3], -1], stop, [-1]] }]));
        Assert.Equal((FinishReason.Stop, 3), (stopped.Finish, stopped.StopLength));
        Assert.Equal(free[..end], stopped.Tokens);
    }

    [Fact]
    public async Task A_cancelled_request_ends_alone_with_what_it_has()
    {
        Parameters parameters = TestModels.Lively(Config, seed: 22);
        using var cancellation = new CancellationTokenSource();
        IEnumerable<SampleRequest> Requested()
        {
            yield return new SampleRequest(0, [1, 2], 90, 1, 0, -1) { Cancellation = cancellation.Token };
            yield return new SampleRequest(1, [1, 2], 90, 1, 1, -1);
            yield return new SampleRequest(2, [3], 5, 1, 2, -1);
            // The second place is free again, after five steps.
            cancellation.Cancel();
            yield return new SampleRequest(3, [1, 2], 8, 1, 3, -1) { Cancellation = cancellation.Token };
        }

        List<SampleResult> results = await Sample(parameters, Requested(), new SamplerOptions { Threads = 1, BatchSize = 3 });
        SampleResult[] byId = [.. results.OrderBy(result => result.Id)];
        Assert.Equal(
            [FinishReason.Cancelled, FinishReason.Length, FinishReason.Length, FinishReason.Cancelled], byId.Select(result => result.Finish));
        Assert.InRange(byId[0].Tokens.Length, 0, 6);
        Assert.Equal((90, 5, 0), (byId[1].Tokens.Length, byId[2].Tokens.Length, byId[3].Tokens.Length));
    }

    [Theory]
    [InlineData(96, 10, 0)]
    [InlineData(90, 10, 6)]
    [InlineData(90, 3, 3)]
    [InlineData(10, 0, 0)]
    public async Task A_trace_ends_at_the_models_longest_sequence(int prompt, int limit, int expected)
    {
        SampleResult result = Assert.Single(await Sample(
            TestModels.Lively(Config, seed: 19), [new SampleRequest(3, Prompt(prompt, seed: 3), limit, 1, 1, -1)]));
        Assert.Equal((3, expected, FinishReason.Length), (result.Id, result.Tokens.Length, result.Finish));
        Assert.Equal(expected, result.LogProbs.Length);
    }

    [Fact]
    public async Task Requests_that_cannot_be_served_are_refused_by_name()
    {
        Parameters parameters = TestModels.Lively(Config, seed: 19);
        var good = new SampleRequest(7, [1], 2, 1, 1, -1);
        foreach ((SampleRequest bad, string expected) in new[]
        {
            (good with { Prompt = [] }, "prompt is empty"),
            (good with { Prompt = new int[97] }, "97 tokens, the model's longest sequence is 96"),
            (good with { Prompt = [3, 23] }, "token 23 of its prompt"),
            (good with { Prompt = [-1] }, "token -1 of its prompt"),
            (good with { Temperature = float.NaN }, "temperature NaN"),
            (good with { Temperature = -1 }, "temperature -1"),
            (good with { MaxNewTokens = -2 }, "MaxNewTokens is -2"),
            (good with { Filter = new TokenFilter { TopK = -1 } }, "top-k -1"),
            (good with { Filter = new TokenFilter { TopP = 0 } }, "top-p 0"),
            (good with { Filter = new TokenFilter { TopP = float.NaN } }, "top-p NaN"),
            (good with { Filter = new TokenFilter { MinP = 1.5f } }, "min-p 1.5"),
            (good with { StopSequences = [[1], []] }, "a stop sequence is empty"),
        })
        {
            ArgumentException refusal = await Assert.ThrowsAsync<ArgumentException>(() => Sample(parameters, [bad]));
            Assert.Contains("request 7", refusal.Message, StringComparison.Ordinal);
            Assert.Contains(expected, refusal.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Cancellation_returns_promptly_with_what_was_finished()
    {
        using var cancellation = new CancellationTokenSource();
        var sampler = new Sampler(TestModels.Lively(Config, seed: 22));
        var finished = new List<SampleResult>();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (SampleResult result in sampler.Sample(Endless(), new SamplerOptions { Threads = 2, BatchSize = 4 }, cancellation.Token))
            {
                finished.Add(result);
                if (finished.Count == 10)
                    await cancellation.CancelAsync();
            }
        });
        Assert.True(finished.Count >= 10);
        Assert.All(finished, result => Assert.Equal(20, result.Tokens.Length));
        Assert.Equal(finished.Count, finished.Select(result => result.Id).Distinct().Count());
    }

    [Fact]
    public async Task Leaving_the_loop_early_stops_the_workers()
    {
        var sampler = new Sampler(TestModels.Lively(Config, seed: 22));
        int taken = 0;
        IEnumerable<SampleRequest> Counted() => Endless().Select(request => { taken++; return request; });
        await foreach (SampleResult _ in sampler.Sample(Counted(), new SamplerOptions { Threads = 2 }))
            break;
        int afterwards = taken;
        await Task.Delay(50);
        Assert.Equal(afterwards, taken);
    }

    [Fact]
    public async Task A_failure_of_the_callers_sequence_reaches_the_caller()
    {
        static IEnumerable<SampleRequest> Failing()
        {
            yield return new SampleRequest(0, [1], 3, 1, 1, -1);
            throw new InvalidDataException("the task file is damaged");
        }

        await Assert.ThrowsAsync<InvalidDataException>(() => Sample(TestModels.Lively(Config, seed: 23), Failing()));
    }

    [Fact]
    public async Task No_requests_give_no_results() => Assert.Empty(await Sample(TestModels.Lively(Config, seed: 24), []));

    private static IEnumerable<SampleRequest> Endless()
    {
        for (int i = 0; ; i++)
            yield return new SampleRequest(i, [1, 2, (i / 3) % 23], 20, 1, (ulong)i, -1);
    }
}
