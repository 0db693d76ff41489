using Outerloop.Model.Decoder;

namespace Outerloop.Model.Sampling;

/// <summary>
/// The requests still to be begun, handed to the workers in groups of one prompt, so that a prompt's samples meet at one
/// worker. The caller's sequence is read as the workers need it, by one thread at a time.
/// </summary>
internal sealed class RequestQueue(IEnumerable<SampleRequest> requests, ModelConfig config, int maxGroup) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly IEnumerator<SampleRequest> _requests = requests.GetEnumerator();
    private SampleRequest? _next;
    private bool _ended;

    /// <summary>Adds the next group to a worker's own queue; false when there is none left.</summary>
    public bool TryTakeGroup(Queue<SampleRequest> target)
    {
        lock (_lock)
        {
            if (Peek() is not { } first)
                return false;
            for (int taken = 0; taken < maxGroup && Peek() is { } next && SamePrompt(next, first); taken++)
            {
                target.Enqueue(next);
                _next = null;
            }

            return true;
        }
    }

    public void Dispose() => _requests.Dispose();

    internal static bool SamePrompt(SampleRequest a, SampleRequest b) =>
        ReferenceEquals(a.Prompt, b.Prompt) || a.Prompt.AsSpan().SequenceEqual(b.Prompt);

    private SampleRequest? Peek()
    {
        if (_next is null && !_ended)
        {
            _ended = !_requests.MoveNext();
            _next = _ended ? null : Validated(_requests.Current);
        }

        return _next;
    }

    private SampleRequest Validated(SampleRequest request)
    {
        string? problem = request switch
        {
            { Prompt.Length: 0 } => "its prompt is empty",
            { MaxNewTokens: < 0 } => $"MaxNewTokens is {request.MaxNewTokens}",
            _ when !(request.Temperature >= 0) || float.IsInfinity(request.Temperature) => $"temperature {request.Temperature} is not a number ≥ 0",
            _ when request.Prompt.Length > config.MaxPositions =>
                $"its prompt has {request.Prompt.Length} tokens, the model's longest sequence is {config.MaxPositions}",
            _ when request.Prompt.Any(token => (uint)token >= (uint)config.Vocabulary) =>
                $"token {request.Prompt.First(token => (uint)token >= (uint)config.Vocabulary)} of its prompt is outside the vocabulary of {config.Vocabulary}",
            _ => null,
        };
        return problem is null ? request : throw new ArgumentException($"request {request.Id}: {problem}", nameof(request));
    }
}
