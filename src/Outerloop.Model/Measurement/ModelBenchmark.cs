using Outerloop.Model.Decoder;
using Outerloop.Model.Kernels;
using Outerloop.Model.Sampling;
using Outerloop.Model.Training;

namespace Outerloop.Model.Measurement;

/// <summary>What is measured, and on how much.</summary>
public sealed record ModelBenchmarkOptions
{
    /// <summary>Sequences at a time.</summary>
    public int Batch { get; init; } = 32;

    /// <summary>Tokens of a sequence; for decoding, those that it has when the measurement begins.</summary>
    public int Context { get; init; } = 128;

    public int Threads { get; init; } = 1;

    /// <summary>Timed runs of each piece of work.</summary>
    public int Runs { get; init; } = 5;
}

/// <summary>Rates of the in-process model, beside the processor's peaks measured by the same clock.</summary>
public sealed class ModelBenchmark
{
    private readonly ModelConfig _config;
    private readonly ModelBenchmarkOptions _options;
    private readonly WorkTimer _timer;
    private readonly ModelWork _work;

    private readonly SamplingCheckpoint? _checkpoint;

    /// <summary>A model of a folder, to be sampled from; the context at most <see cref="LongestContext"/>.</summary>
    public ModelBenchmark(SamplingCheckpoint checkpoint, ModelBenchmarkOptions options, TimeProvider clock, CancellationToken cancellationToken)
        : this(checkpoint.Config, options, clock, cancellationToken) => _checkpoint = checkpoint;

    /// <summary>Random weights.</summary>
    public ModelBenchmark(ModelConfig config, ModelBenchmarkOptions options, TimeProvider clock, CancellationToken cancellationToken)
    {
        _config = config with { MaxPositions = Math.Max(config.MaxPositions, options.Context + SamplingBenchmark.NewTokens) };
        _options = options;
        _timer = new WorkTimer(clock, options.Threads, cancellationToken);
        _work = new ModelWork(config);
        Peaks = HardwarePeaks.Measure(_timer, options.Threads);
    }

    /// <summary>Beyond it a sequence would be cut short, and draw fewer tokens than are measured, or none.</summary>
    public static int LongestContext(ModelConfig config) => config.MaxPositions - SamplingBenchmark.NewTokens;

    public HardwarePeaks Peaks { get; }

    /// <summary>Told after each timed run of a piece of work how many there were and how many there will be.</summary>
    public Action<int, int>? Ran
    {
        get => _timer.Ran;
        set => _timer.Ran = value;
    }

    /// <summary>Whether times are of the processor, not of the clock.</summary>
    public bool IsProcessorTime => _timer.IsProcessorTime;

    /// <summary>The kernels in use: <c>scalar</c>, <c>v256</c>, <c>v512</c>, <c>bf16</c> or <c>amx</c>.</summary>
    public static string Kernels => KernelSet.Best.Name;

    /// <summary>Each matrix product of the network for batch × context tokens: forward, and the gradient of its weight.</summary>
    public IEnumerable<Rate> Gemm()
    {
        int rows = _options.Batch * _options.Context;
        foreach ((string name, int columns, int steps) in Products())
        {
            var product = new GemmWork(rows, columns, steps, _options.Threads);
            yield return Arithmetic($"{name}: [{rows}, {steps}] × [{steps}, {columns}]", product.Flops, product.Multiply);
            yield return Arithmetic($"{name}, gradient: [{rows}, {columns}]ᵀ × [{rows}, {steps}]", product.Flops, product.AccumulateOuter);
        }
    }

    /// <summary>One optimiser step on batch sequences of context + 1 tokens, every one of them a target.</summary>
    public Rate Train()
    {
        var parameters = Parameters.Random(_config, seed: 1);
        TrainingBatch batch = RandomBatch();
        var options = new TrainingOptions
        {
            LearningRate = new LearningRateSchedule { Peak = 1e-4f, WarmUp = 0, Decay = LearningRateDecay.None },
            Threads = _options.Threads,
        };
        double[] seconds = _timer.Laps(lap =>
            Trainer.Fit(parameters, Enumerable.Repeat(batch, _options.Runs + 1), _options.Runs + 1, options, _ => lap()));
        return Tokens(
            $"train, {_options.Batch} × {_options.Context}, AdamW included",
            _options.Batch * _options.Context,
            _work.TrainingFlops(ModelWork.MeanVisible(_options.Context)),
            seconds);
    }

    /// <summary>Reads prompts: batch sequences of context tokens.</summary>
    public Rate Prefill() => Sampling().Prefill();

    /// <summary>One token after the other: batch sequences from context tokens on.</summary>
    public Rate Decode() => Sampling().Decode();

    private SamplingBenchmark Sampling() => _checkpoint is null
        ? new SamplingBenchmark(new Sampler(Parameters.Random(_config, seed: 1)), sizeof(float) * _work.ProductWeights, _options, Peaks, _timer)
        : new SamplingBenchmark(
            _checkpoint.Sampler, (_checkpoint.SharesProducts ? sizeof(ushort) : sizeof(float)) * _work.ProductWeights, _options, Peaks, _timer);

    private IEnumerable<(string Name, int Columns, int Steps)> Products() =>
    [
        ("query", _config.QueryDim, _config.Dim),
        ("key, value", 2 * _config.KeyValueDim, _config.Dim),
        ("output", _config.Dim, _config.QueryDim),
        ("gate, up", 2 * _config.FeedForward, _config.Dim),
        ("down", _config.Dim, _config.FeedForward),
        ("head", _config.Vocabulary, _config.Dim),
    ];

    private TrainingBatch RandomBatch()
    {
        return new TrainingBatch(
        [
            .. Enumerable.Range(0, _options.Batch).Select(i => new TrainingSequence(RandomTokens((ulong)i, _options.Context + 1), PromptLength: 0)),
        ]);
    }

    private int[] RandomTokens(ulong seed, int count)
    {
        var random = new SplitMix64(seed);
        int[] tokens = new int[count];
        for (int i = 0; i < count; i++)
            tokens[i] = random.Next(_config.Vocabulary);
        return tokens;
    }

    private Rate Arithmetic(string name, double flops, Action work)
    {
        double[] seconds = _timer.Seconds(_options.Runs, work);
        double best = flops / seconds[0] / 1e9;
        return new Rate(name, best, flops / seconds[seconds.Length / 2] / 1e9, "GFLOP/s", best, best * 1e9 / Peaks.FlopsPerSecond);
    }

    private Rate Tokens(string name, int tokens, double flopsPerToken, double[] seconds)
    {
        double best = tokens / seconds[0], flops = best * flopsPerToken;
        return new Rate(name, best, tokens / seconds[seconds.Length / 2], "tokens/s", flops / 1e9, flops / Peaks.FlopsPerSecond);
    }
}
