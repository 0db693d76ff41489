using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Outerloop.Model.Decoder;
using Outerloop.Model.Kernels;
using Outerloop.Model.Kernels.Emitted;

namespace Outerloop.Model.Sampling;

/// <summary>
/// Samples many sequences from one model on several threads. The sample of a request is a function of the request and
/// the weights (on processors of one kernel tier): threads, batch size and the other requests change the order of the
/// results only. The log-probabilities at temperature 1 are, bit for bit, those that <see cref="LanguageModel"/> gives to
/// the whole sequence: what the trainer sees of a trace is what the sampler saw.
/// </summary>
public sealed class Sampler
{
    private readonly SamplingModel _model;

    /// <param name="parameters">Must not change while the sampler is in use.</param>
    public Sampler(Parameters parameters)
        : this(parameters, KernelSet.Best)
    {
    }

    internal Sampler(Parameters parameters, KernelSet kernels) => _model = new SamplingModel(parameters, kernels);

    /// <summary>
    /// Yields each result as soon as it is finished, in any order. On cancellation the results finished so far are
    /// yielded, then <see cref="OperationCanceledException"/> is thrown; unfinished sequences are dropped.
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
        options ??= new SamplerOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Threads, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.BatchSize, 1, nameof(options));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var queue = new RequestQueue(requests, _model.Config, options.BatchSize);
        var results = Channel.CreateUnbounded<SampleResult>(new UnboundedChannelOptions { SingleReader = true });
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
        void Work()
        {
            try
            {
                using var flush = FlushToZero.Begin();
                var worker = new SamplingWorker(_model, queue, options.BatchSize, result => results.TryWrite(result));
                worker.Run(stop.Token);
            }
            catch (Exception e)
            {
                Interlocked.CompareExchange(ref failure, e, null);
                stop.Cancel();
            }
        }

        await Task.WhenAll(Enumerable.Range(0, options.Threads).Select(_ => Task.Factory.StartNew(
            Work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)));
        results.Complete(failure);
    }
}
