using Outerloop.Policies;

namespace Outerloop.Deployment;

/// <summary>A policy's answers as they come, with something to do while none comes.</summary>
internal sealed class AnswerStream : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop;
    private readonly IAsyncEnumerator<Completion> _answers;
    private readonly TimeProvider _clock;
    private Task<bool> _next = Task.FromResult(true);

    public AnswerStream(IPolicy policy, IEnumerable<CompletionRequest> requests, TimeProvider clock, CancellationToken cancellation)
    {
        _clock = clock;
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        _answers = policy.Answer(requests, _stop.Token).GetAsyncEnumerator(_stop.Token);
    }

    public Completion Current => _answers.Current;

    /// <summary>Waits for the next answer; false after the last.</summary>
    /// <param name="patience">After so long without one, <paramref name="meanwhile"/> is done, once.</param>
    /// <param name="meanwhile">Null if there is nothing to do.</param>
    public async ValueTask<bool> Next(TimeSpan patience, Func<Task>? meanwhile)
    {
        _next = _answers.MoveNextAsync().AsTask();
        if (!_next.IsCompleted && meanwhile is not null)
        {
            await Task.WhenAny(_next, Task.Delay(patience, _clock));
            if (!_next.IsCompleted)
                await meanwhile();
        }

        return await _next;
    }

    /// <summary>Stops the policy, whatever it is doing.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _next.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        await _answers.DisposeAsync();
        _stop.Dispose();
    }
}
