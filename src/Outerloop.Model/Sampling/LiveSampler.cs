using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using System.Threading.Channels;

namespace Outerloop.Model.Sampling;

/// <summary>
/// Samples requests as they come, each with a stream of tokens of its own: a sequence joins a worker's batch as soon as
/// there is a place, and leaves it when it ends, when its reader leaves, or when it is cancelled. Its tokens are those that
/// <see cref="Sampler"/> gives to the same request.
/// </summary>
public sealed class LiveSampler : IAsyncDisposable
{
    private readonly SamplingModel _model;
    private readonly ArrivingRequests _requests;
    private readonly CancellationTokenSource _stop = new();
    private readonly TimeProvider _clock;
    private readonly Task _workers;
    private Exception? _failure;

    /// <param name="sampler">The model; others may sample from it at the same time.</param>
    /// <param name="options">How the work is spread.</param>
    /// <param name="clock">Measures for how long tokens are held back.</param>
    public LiveSampler(Sampler sampler, SamplerOptions? options = null, TimeProvider? clock = null)
    {
        options = SamplerOptions.Validated(options);
        _clock = clock ?? TimeProvider.System;
        _model = sampler.Model;
        _requests = new ArrivingRequests(options.BatchSize);
        _workers = SamplingWorker.Start(_model, _requests, options, Fail, _stop.Token);
    }

    /// <summary>Sequences that wait for a place in a batch.</summary>
    public int Waiting => _requests.Count;

    /// <summary>
    /// The tokens of one sequence as they are drawn. Leaving the loop early ends the sequence. Throws
    /// <see cref="OperationCanceledException"/> when the request or the stream is cancelled or the sampler disposed of.
    /// </summary>
    /// <param name="request">The sequence.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="ArgumentException">The request is not valid; see <see cref="Sampler.Sample"/>.</exception>
    /// <exception cref="ArithmeticException">The model's logits are not finite.</exception>
    public async IAsyncEnumerable<SampledToken> Stream(SampleRequest request, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (SampledToken[] burst in Bursts(request, TimeSpan.Zero, cancellationToken))
        {
            foreach (SampledToken token in burst)
                yield return token;
        }
    }

    /// <summary>The same, in bursts of one token or more: a reader that need not have each at once costs less.</summary>
    /// <param name="request">The sequence.</param>
    /// <param name="hold">How long tokens between the first and the last may be held back; null until the sequence ends.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async IAsyncEnumerable<SampledToken[]> Bursts(
        SampleRequest request, TimeSpan? hold, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var left = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, request.Cancellation, _stop.Token);
        var sink = new TokenSink(hold, _clock);
        _requests.Add(new PendingSample(SampleRequest.Validated(request, _model.Config) with { Cancellation = left.Token }, sink));
        try
        {
            while (await WaitForTokens(sink.Bursts, left.Token))
            {
                while (sink.Bursts.TryRead(out SampledToken[]? burst))
                    yield return burst;
            }
        }
        finally
        {
            await left.CancelAsync();
        }
    }

    /// <summary>Ends all sequences.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _workers;
        _requests.Dispose();
        _stop.Dispose();
    }

    private async ValueTask<bool> WaitForTokens(ChannelReader<SampledToken[]> tokens, CancellationToken cancellation)
    {
        try
        {
            return await tokens.WaitToReadAsync(cancellation);
        }
        catch (OperationCanceledException) when (_failure is not null)
        {
            ExceptionDispatchInfo.Throw(_failure);
            throw;
        }
    }

    /// <summary>The first worker that fails takes all sequences with it.</summary>
    private void Fail(Exception failure)
    {
        if (failure is not OperationCanceledException)
            Interlocked.CompareExchange(ref _failure, failure, null);
        _stop.Cancel();
    }
}
