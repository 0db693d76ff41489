namespace Outerloop.Planning.Search;

/// <summary>Counts what a search does, tells it on, and knows when it must stop.</summary>
internal sealed class SearchEffort(SearchLimits limits, Action<SearchProgress>? onProgress)
{
    private const int StatesPerReport = 64;

    public long Expanded { get; private set; }

    public long Evaluated { get; private set; }

    public bool MustStop => limits.AreReached();

    /// <summary>Whether a limit was met; unlike <see cref="MustStop"/> it looks at nothing anew.</summary>
    public bool HasStopped => limits.Reached is not null;

    public void CountExpansion() => Expanded++;

    /// <param name="best">The best estimate so far.</param>
    public void CountEvaluation(long best)
    {
        if (++Evaluated % StatesPerReport == 0)
            onProgress?.Invoke(new SearchProgress(Expanded, Evaluated, best));
    }
}
