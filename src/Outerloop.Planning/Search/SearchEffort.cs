namespace Outerloop.Planning.Search;

/// <summary>Counts what a search does and tells it on.</summary>
internal sealed class SearchEffort(SearchLimits limits, Action<SearchProgress>? onProgress)
{
    private const int StatesPerReport = 64;

    public long Expanded { get; private set; }

    public long Evaluated { get; private set; }

    public SearchLimits Limits => limits;

    public void CountExpansion() => Expanded++;

    /// <param name="best">The best estimate so far.</param>
    public void CountEvaluation(long best)
    {
        if (++Evaluated % StatesPerReport == 0)
            onProgress?.Invoke(new SearchProgress(Expanded, Evaluated, best));
    }
}
