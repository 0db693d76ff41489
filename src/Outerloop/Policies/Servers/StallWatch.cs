using System.Collections.Concurrent;
using System.Globalization;

namespace Outerloop.Policies.Servers;

/// <summary>Names requests that have waited long, each once, so that nothing hangs without a word.</summary>
internal sealed class StallWatch : IDisposable
{
    private readonly ConcurrentDictionary<ChatCall, long> _waiting = new(ReferenceEqualityComparer.Instance);
    private readonly TimeSpan _stall;
    private readonly ServerSurroundings _around;
    private readonly ITimer _timer;

    public StallWatch(TimeSpan stall, ServerSurroundings around)
    {
        _stall = stall;
        _around = around;
        _timer = around.Clock.CreateTimer(_ => Look(), null, stall / 4, stall / 4);
    }

    public void Begin(ChatCall call) => _waiting[call] = _around.Clock.GetTimestamp();

    public void End(ChatCall call) => _waiting.TryRemove(call, out _);

    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        foreach ((ChatCall call, long since) in _waiting)
        {
            TimeSpan waited = _around.Clock.GetElapsedTime(since);
            if (waited >= _stall && _waiting.TryRemove(call, out _))
                _around.Notices.Report(string.Create(CultureInfo.InvariantCulture, $"{call} has waited {waited.TotalSeconds:0.#} s for its answer"));
        }
    }
}
