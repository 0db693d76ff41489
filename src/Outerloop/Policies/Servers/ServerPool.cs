using System.Globalization;

namespace Outerloop.Policies.Servers;

/// <summary>Servers of the same model. Each request goes to the one with the fewest under way, of those that are not paused.</summary>
internal sealed class ServerPool : IDisposable
{
    private readonly Lock _lock = new();
    private readonly (ServerConnection Connection, Circuit Circuit)[] _servers;
    private readonly ServerOptions _options;
    private readonly ServerSurroundings _around;
    private TaskCompletionSource _changed = Signal();
    private long _lastWorked;
    private string _lastError = "";

    public ServerPool(ServedModel model, ServerOptions options, HttpClient http, ServerSurroundings around)
    {
        _options = options;
        _around = around;
        _lastWorked = around.Clock.GetTimestamp();
        _servers =
        [
            .. options.BaseUrls.Select(url => (new ServerConnection(url, model, options, http, around), new Circuit(url, options, around.Clock))),
        ];
    }

    /// <summary>Sends a request once, to a server that is not paused; waits while all are.</summary>
    /// <exception cref="OutsideException">No server has answered for longer than there is patience.</exception>
    public async Task<Attempt> Ask(ChatCall call, CancellationToken cancellation)
    {
        (int index, Turn turn) = await Take(cancellation);
        Attempt? attempt = null;
        try
        {
            return attempt = await _servers[index].Connection.Ask(call, cancellation);
        }
        finally
        {
            End(index, turn, attempt);
        }
    }

    public void Dispose()
    {
        foreach ((ServerConnection connection, _) in _servers)
            connection.Dispose();
    }

    private async Task<(int Index, Turn Turn)> Take(CancellationToken cancellation)
    {
        while (true)
        {
            Task changed;
            TimeSpan wait;
            lock (_lock)
            {
                if (Best() is { } best)
                    return (best, _servers[best].Circuit.Begin());
                RequirePatience();
                changed = _changed.Task;
                wait = _servers.Min(server => server.Circuit.Left);
            }

            await Task.WhenAny(changed, Task.Delay(wait > TimeSpan.Zero ? wait : TimeSpan.FromMilliseconds(1), _around.Clock, cancellation));
            cancellation.ThrowIfCancellationRequested();
        }
    }

    private int? Best()
    {
        int? best = null;
        for (int i = 0; i < _servers.Length; i++)
        {
            if (_servers[i].Circuit.Admits && (best is null || _servers[i].Circuit.Outstanding < _servers[best.Value].Circuit.Outstanding))
                best = i;
        }

        return best;
    }

    private void RequirePatience()
    {
        TimeSpan silent = _around.Clock.GetElapsedTime(_lastWorked);
        if (silent > _options.Patience)
            throw new OutsideException(string.Create(CultureInfo.InvariantCulture, $"no server has answered for {silent.TotalSeconds:0} s; everything so far is kept, go on with --resume. The last failure: {_lastError}"));
    }

    private void End(int index, Turn turn, Attempt? attempt)
    {
        string? notice;
        TaskCompletionSource changed;
        lock (_lock)
        {
            notice = _servers[index].Circuit.End(turn, attempt);
            if (attempt is { Kind: AttemptKind.Broken })
                _lastError = attempt.Error;
            else if (attempt is not null)
                _lastWorked = _around.Clock.GetTimestamp();
            if (notice is null && !turn.Tries && !_servers[index].Circuit.IsLimited)
                return;
            changed = _changed;
            _changed = Signal();
        }

        changed.SetResult();
        if (notice is not null)
            _around.Notices.Report(notice);
    }

    private static TaskCompletionSource Signal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
