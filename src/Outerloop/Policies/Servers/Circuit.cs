using System.Globalization;

namespace Outerloop.Policies.Servers;

/// <summary>
/// Whether a server is asked. After some failures in a row it is paused; when the pause is over, one request tries it,
/// and the rest follow when that one is answered. A pause after a failed try is twice as long. Not for several threads
/// at once: its owner holds a lock.
/// </summary>
internal sealed class Circuit(Uri url, ServerOptions options, TimeProvider clock)
{
    private int _failures;
    private TimeSpan _pause;
    private long _since;
    private bool _paused, _trying;

    public int Outstanding { get; private set; }

    public bool Admits => !_paused || (!_trying && Left <= TimeSpan.Zero);

    /// <summary>Until a paused server is tried; longer than anything while that goes on.</summary>
    public TimeSpan Left => _trying ? options.LongestDelay : _pause - clock.GetElapsedTime(_since);

    /// <summary>A request begins.</summary>
    /// <returns>Whether it tries a paused server.</returns>
    public bool Begin()
    {
        Outstanding++;
        return _trying = _paused;
    }

    /// <summary>A request has ended.</summary>
    /// <param name="tried">What <see cref="Begin"/> said.</param>
    /// <param name="attempt">Null if it was given up from this side.</param>
    /// <returns>What there is to say, or null.</returns>
    public string? End(bool tried, Attempt? attempt)
    {
        Outstanding--;
        if (tried)
            _trying = false;
        return attempt switch
        {
            null => null,
            { Kind: AttemptKind.Broken } => Failed(tried, attempt.Error),
            _ => Worked(),
        };
    }

    private string? Worked()
    {
        _failures = 0;
        if (!_paused)
            return null;
        _paused = false;
        _pause = TimeSpan.Zero;
        return $"{url}: answers again";
    }

    /// <summary>Requests that were under way when the pause began say nothing new.</summary>
    private string? Failed(bool tried, string error)
    {
        _failures++;
        if (_paused ? !tried : _failures < options.FailuresToPause)
            return null;
        TimeSpan next = _pause == TimeSpan.Zero ? options.FirstDelay : 2 * _pause;
        _pause = next < options.LongestDelay ? next : options.LongestDelay;
        _since = clock.GetTimestamp();
        _paused = true;
        return string.Create(CultureInfo.InvariantCulture, $"{url}: {_failures} failures in a row, paused for {_pause.TotalSeconds:0.#} s; the last: {error}");
    }
}
