using Outerloop.Model.Decoder;
using Outerloop.Model.Sampling;

namespace Outerloop.Model.Measurement;

/// <summary>Rates of sampling from one model, as the sampler does it for everybody.</summary>
/// <param name="sampler">Of the model.</param>
/// <param name="weightBytes">Of the matrices that a step reads.</param>
internal sealed class SamplingBenchmark(
    Sampler sampler, double weightBytes, ModelBenchmarkOptions options, HardwarePeaks peaks, WorkTimer timer)
{
    /// <summary>Tokens that each sequence is continued by.</summary>
    private const int Steps = 32;

    /// <summary>Most tokens that follow a prompt: the first one comes from the prompt itself.</summary>
    public const int NewTokens = 1 + Steps;

    private readonly ModelConfig _config = sampler.Model.Config;
    private readonly ModelWork _work = new(sampler.Model.Config);

    /// <summary>Reads batch prompts of context tokens.</summary>
    public Rate Prefill()
    {
        double[] seconds = timer.Seconds(options.Runs, Read);
        int tokens = options.Batch * options.Context;
        double flops = options.Batch * _work.PrefillFlops(options.Context) / seconds[0];
        return new Rate(
            $"prefill, {options.Batch} × {options.Context}", tokens / seconds[0], tokens / seconds[seconds.Length / 2], "tokens/s", flops / 1e9,
            flops / peaks.FlopsPerSecond);
    }

    /// <summary>Continues batch sequences that have context tokens, all of them together.</summary>
    public Rate Decode()
    {
        double[] seconds = timer.Seconds(options.Runs, SecondsOfSteps);
        int tokens = options.Batch * Steps;
        double best = tokens / seconds[0], visible = options.Context + (Steps / 2.0);
        double bytes = (best / options.Batch * weightBytes) + (best * visible * 2 * sizeof(ushort) * _config.Layers * _config.KeyValueDim);
        double flops = best * _work.ForwardFlops(visible);
        return new Rate(
            $"decode, {options.Batch} sequences at context {options.Context}", best, tokens / seconds[seconds.Length / 2], "tokens/s", flops / 1e9,
            flops / peaks.FlopsPerSecond, bytes / peaks.BytesPerSecond);
    }

    private TimeSpan SecondsOfSteps()
    {
        using var window = new DecodingWindow([.. Requests(NewTokens)], timer.Now, timer.CancellationToken);
        window.Run(sampler.Model, Spread());
        return window.Elapsed * ((double)options.Batch * Steps / window.Tokens);
    }

    private void Read()
    {
        int finished = sampler.Sample(Requests(newTokens: 1), Spread(), timer.CancellationToken).ToBlockingEnumerable().Count();
        if (finished != options.Batch)
            throw new InvalidOperationException($"{finished} of {options.Batch} sequences were sampled");
    }

    private SamplerOptions Spread()
    {
        int threads = sampler.SharesProducts ? 1 : Math.Min(options.Threads, options.Batch);
        return new SamplerOptions { Threads = threads, BatchSize = (options.Batch + threads - 1) / threads };
    }

    private IEnumerable<SampleRequest> Requests(int newTokens) => Enumerable.Range(0, options.Batch).Select(id => Request(id, newTokens));

    private SampleRequest Request(int id, int newTokens)
    {
        var random = new SplitMix64((ulong)id);
        int[] prompt = new int[options.Context];
        for (int i = 0; i < prompt.Length; i++)
            prompt[i] = random.Next(_config.Vocabulary);
        return new SampleRequest(id, prompt, newTokens, Temperature: 1, Seed: (ulong)id, StopToken: -1);
    }
}
