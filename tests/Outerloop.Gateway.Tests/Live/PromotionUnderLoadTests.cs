using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Outerloop.Configuration;
using Outerloop.Gateway.Tests.Support;
using Outerloop.Live;
using Outerloop.Model.Sampling;
using Outerloop.Planning.Domains;
using Outerloop.Planning.Pddl;
using Outerloop.Prompting;
using Outerloop.Runs;
using Outerloop.Storage;
using Outerloop.Traces;

namespace Outerloop.Gateway.Tests.Live;

/// <summary>Users stream while others decide who answers them: no stream is dropped, and each is by one generation alone.</summary>
public sealed class PromotionUnderLoadTests
{
    private const int Clients = 16;

    private static readonly RunSettings Settings = LiveRun.Settings with { Generations = 1, Trainer = new TrainerSettings { MinSteps = 30, Epochs = 1 } };

    [Fact]
    public async Task Every_stream_is_whole_and_to_the_bit_by_the_generation_that_it_names()
    {
        await using LiveRun run = await LiveRun.Start(Settings);
        await using RunStore store = await run.OpenStore();
        string[] weights = [.. (await store.Generations(LiveRun.Domain)).Select(made => made.Weights)];
        Assert.Equal(2, weights.Distinct().Count());
        var streams = new ConcurrentQueue<Streamed>();
        using var enough = new CancellationTokenSource();
        int seed = 0;

        Task[] clients = [.. Enumerable.Range(0, Clients).Select(async _ =>
        {
            while (!enough.IsCancellationRequested)
                streams.Enqueue(await Ask(run, Interlocked.Increment(ref seed)));
        })];
        foreach (int promoted in (int[])[0, 1, 0, 1])
        {
            await Promotion.Promote(run.Path, LiveRun.Domain, promoted, 1, (DateTimeOffset.UnixEpoch, "test"), default);
            int before = streams.Count;
            while (!streams.Skip(before).Any(stream => stream.Weights == weights[promoted]) && !clients.Any(client => client.IsFaulted))
                await Task.Delay(10);
        }

        await enough.CancelAsync();
        await Task.WhenAll(clients);
        Assert.Equal(weights.Order(), streams.Select(stream => stream.Weights).Distinct().Order());
        Dictionary<int, SampleResult>[] alone = [await Sample(run, 0, seed), await Sample(run, 1, seed)];
        Assert.Contains(streams, stream => !stream.LogProbs.SequenceEqual(alone[1 - Array.IndexOf(weights, stream.Weights)][stream.Seed].LogProbs)); // a mix would show
        Assert.All(streams, stream =>
        {
            SampleResult own = alone[Array.IndexOf(weights, stream.Weights)][stream.Seed];
            Assert.Equal(own.Tokens, stream.Tokens);
            Assert.Equal(own.LogProbs, stream.LogProbs);
        });
        IReadOnlyList<Trace> kept = await store.LiveTraces(LiveRun.Domain);
        Assert.Equal(Order(streams.Select(Line)), Order(kept.Select(trace => Line(new Streamed(0, trace.BehaviourWeights, [.. trace.Tokens], [.. trace.LogProbs])))));
    }

    private static IEnumerable<string> Order(IEnumerable<string> lines) => lines.Order(StringComparer.Ordinal);

    private static string Line(Streamed stream) => $"{stream.Weights} {string.Join(',', stream.Tokens)} {string.Join(',', stream.LogProbs.Select(BitConverter.SingleToInt32Bits))}";

    private static async Task<Streamed> Ask(LiveRun run, int seed)
    {
        GatewayReply reply = await run.Ask(LiveRun.Problem, $"\"stream\":true,\"logprobs\":true,\"return_token_ids\":true,\"seed\":{seed}");
        Assert.EndsWith("data: [DONE]\n\n", reply.Text, StringComparison.Ordinal);
        JsonNode[] chunks = [.. reply.Text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries)[..^1].Select(line => JsonNode.Parse(line["data: ".Length..])!)];
        JsonNode[] choices = [.. chunks.Select(chunk => chunk["choices"]![0]!)];
        return new Streamed(
            seed,
            Assert.Single(chunks.Select(chunk => (string)chunk["system_fingerprint"]!).Distinct()),
            [.. choices.SelectMany(choice => choice["token_ids"]!.AsArray()).Select(token => (int)token!)],
            [.. choices.SelectMany(choice => choice["logprobs"]!["content"]!.AsArray()).Select(token => (float)token!["logprob"]!)]);
    }

    /// <summary>What a generation says to the problem with each seed, when nothing else is asked of it.</summary>
    private static async Task<Dictionary<int, SampleResult>> Sample(LiveRun run, int generation, int seeds)
    {
        using var model = SamplingCheckpoint.Open(RunFolder.GenerationOf(run.Path, LiveRun.Domain, generation), threads: 1);
        PlanningDomain domain = DomainCatalog.Find(LiveRun.Domain)!;
        int[] prompt = model.Tokenizer!.Encode(new WordFormat(domain).Prompt(PddlReader.ReadProblem(new SourceText("problem", LiveRun.Problem), domain.Domain).Value!));
        var results = new Dictionary<int, SampleResult>();
        await foreach (SampleResult result in model.Sampler.Sample(Enumerable.Range(1, seeds).Select(seed => new SampleRequest(seed, prompt, int.MaxValue, 1, (ulong)seed, model.EndOfText))))
            results[result.Id] = result;
        return results;
    }

    private sealed record Streamed(int Seed, string Weights, int[] Tokens, float[] LogProbs);
}
