using System.Globalization;

namespace Outerloop.Policies.Servers;

/// <summary>A request that a server was given.</summary>
/// <param name="Tries">Whether it tries a paused server.</param>
/// <param name="Cut">How often its limit had been cut before.</param>
internal readonly record struct Turn(bool Tries, int Cut);

/// <summary>
/// Whether a server is asked, and by how many requests at a time. After some failures in a row it is paused; when the pause
/// is over, one request tries it, and the rest follow when that one is answered. A pause after a failed try is twice as
/// long. A server that answers "too many requests" gets half as many at a time, and from then on a quarter more for each round
/// that it answers. Not for several threads at once: its owner holds a lock.
/// </summary>
internal sealed class Circuit(Uri url, ServerOptions options, TimeProvider clock)
{
    private const double Growth = 0.25, Shrinkage = 0.5;

    private int _failures;
    private TimeSpan _pause;
    private long _since;
    private bool _paused, _trying;
    private double _limit = options.InFlight;
    private int _cuts;

    public int Outstanding { get; private set; }

    /// <summary>The limit does not fall below this, so that some refusals among many answers do not bring all to a halt.</summary>
    private int Least => Math.Max(1, options.InFlight / 16);

    public bool Admits => _paused ? !_trying && Left <= TimeSpan.Zero : Outstanding < (int)_limit;

    /// <summary>Whether it gets fewer requests at a time than there are.</summary>
    public bool IsLimited => _limit < options.InFlight;

    /// <summary>Until a paused server is tried; long where something else is waited for.</summary>
    public TimeSpan Left => _paused && !_trying ? _pause - clock.GetElapsedTime(_since) : options.LongestDelay;

    /// <summary>A request begins.</summary>
    public Turn Begin()
    {
        Outstanding++;
        _trying = _paused;
        return new Turn(_trying, _cuts);
    }

    /// <summary>A request has ended.</summary>
    /// <param name="turn">What <see cref="Begin"/> gave.</param>
    /// <param name="attempt">Null if it was given up from this side.</param>
    /// <returns>What there is to say, or null.</returns>
    public string? End(Turn turn, Attempt? attempt)
    {
        Outstanding--;
        if (turn.Tries)
            _trying = false;
        if (attempt is null)
            return null;
        if (attempt.Kind == AttemptKind.Broken)
            return Failed(turn.Tries, attempt.Error);
        if (attempt.Kind == AttemptKind.Busy)
            Cut(turn);
        else
            _limit = Math.Min(options.InFlight, _limit + Growth);
        return Worked();
    }

    /// <summary>Requests that were under way at the last cut say nothing of the new limit.</summary>
    private void Cut(Turn turn)
    {
        if (turn.Cut < _cuts)
            return;
        _limit = Math.Max(Least, Shrinkage * Math.Min(_limit, Outstanding + 1));
        _cuts++;
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
        return string.Create(CultureInfo.InvariantCulture, $"{url}: {_failures} failures in a row, paused for {_pause.TotalSeconds:0.#} s; the last: {error.Replace($"{url}: ", "", StringComparison.Ordinal)}");
    }
}
