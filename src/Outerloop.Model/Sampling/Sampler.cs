using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Outerloop.Model.Checkpoints;
using Outerloop.Model.Decoder;
using Outerloop.Model.Kernels;

namespace Outerloop.Model.Sampling;

/// <summary>
/// Samples many sequences from one model on several threads. The sample of a request is a function of the request and
/// the weights (on processors of one kernel tier): threads, batch size and the other requests change the order of the
/// results only. The keys and values that a sequence remembers are rounded to bfloat16, so that a token's
/// log-probability is near, but not bit for bit, what <see cref="LanguageModel"/> gives to the whole sequence; it is that
/// of the distribution that the token was drawn from.
/// </summary>
public sealed class Sampler
{
    /// <param name="parameters">Must not change while the sampler is in use.</param>
    public Sampler(Parameters parameters)
        : this(parameters, KernelSet.Best)
    {
    }

    /// <param name="checkpoint">Must stay open while the sampler is in use.</param>
    public Sampler(MappedCheckpoint checkpoint)
        : this(checkpoint, KernelSet.Best)
    {
    }

    internal Sampler(MappedCheckpoint checkpoint, KernelSet kernels) =>
        (Model, SharesProducts) = (new SamplingModel(checkpoint.Weights, kernels), true);

    internal Sampler(Parameters parameters, KernelSet kernels) => Model = new SamplingModel(parameters, kernels);

    internal SamplingModel Model { get; }

    /// <summary>Whether the threads of the model's own team share each product.</summary>
    internal bool SharesProducts { get; }

    /// <summary>
    /// Yields each result as soon as it is finished, in any order. On cancellation the results finished so far are
    /// yielded, then <see cref="OperationCanceledException"/> is thrown; unfinished sequences are dropped. A request's own
    /// cancellation ends its sequence alone.
    /// </summary>
    /// <param name="requests">Read as the workers need them, on their threads, by one at a time.</param>
    /// <param name="options">How the work is spread.</param>
    /// <param name="cancellationToken">Stops the workers within one step of a batch.</param>
    /// <exception cref="ArgumentException">A request is not valid: an empty or too long prompt, a token outside the vocabulary.</exception>
    /// <exception cref="ArithmeticException">The model's logits are not finite.</exception>
    public async IAsyncEnumerable<SampleResult> Sample(
        IEnumerable<SampleRequest> requests,
        SamplerOptions? options = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        options = SamplerOptions.Validated(options);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var results = Channel.CreateUnbounded<SampleResult>(new UnboundedChannelOptions { SingleReader = true });
        using var queue = new RequestQueue(requests, new ResultSink(results.Writer), Model.Config, options.BatchSize);
        Task work = RunWorkers(queue, options, results.Writer, stop);
        try
        {
            // Not cancelled itself: the workers close the channel, after whatever they had finished.
            await foreach (SampleResult result in results.Reader.ReadAllAsync(CancellationToken.None))
                yield return result;
        }
        finally
        {
            // Here also when the caller leaves the loop early.
            await stop.CancelAsync();
            await work;
        }
    }

    /// <summary>Runs the workers to their end and closes the channel; the first failure stops them all and goes there.</summary>
    private async Task RunWorkers(RequestQueue queue, SamplerOptions options, ChannelWriter<SampleResult> results, CancellationTokenSource stop)
    {
        Exception? failure = null;
        await SamplingWorker.Start(
            Model,
            queue,
            options,
            problem =>
            {
                Interlocked.CompareExchange(ref failure, problem, null);
                stop.Cancel();
            },
            stop.Token);
        results.Complete(failure);
    }
}
