namespace Outerloop.Tests.Policies.Servers;

/// <summary>
/// Time as it passes, but for one deadline: what waits for it waits until a test says that all that is under way hangs, however slow
/// the machine is.
/// </summary>
internal sealed class DeadlineClock(TimeSpan deadline) : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly HashSet<Waiting> _waiting = [];
    private int _ended;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime != deadline)
            return base.CreateTimer(callback, state, dueTime, period);
        var waiting = new Waiting(this, () => callback(state));
        lock (_lock)
            _waiting.Add(waiting);
        return waiting;
    }

    /// <summary>Ends all that waits, if it is just what hangs.</summary>
    /// <param name="hung">Requests that ever began to hang.</param>
    public void PassIf(int hung)
    {
        Waiting[] all;
        lock (_lock)
        {
            if (_waiting.Count != hung - _ended)
                return;
            all = [.. _waiting];
            _ended += all.Length;
            _waiting.Clear();
        }

        foreach (Waiting one in all)
            one.End();
    }

    private void Forget(Waiting waiting)
    {
        lock (_lock)
            _waiting.Remove(waiting);
    }

    private sealed class Waiting(DeadlineClock clock, Action end) : ITimer
    {
        public void End() => end();

        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose() => clock.Forget(this);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
