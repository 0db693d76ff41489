namespace Outerloop.Planning.Search;

/// <summary>When to stop: asked often, it looks at the clock and the memory now and then, and remembers the answer.</summary>
internal sealed class SearchLimits
{
    private const int QuestionsPerLook = 16;
    private const int LooksPerMeasurement = 64;

    private readonly TimeProvider clock;
    private readonly long start;
    private readonly TimeSpan timeout;
    private readonly long memory;
    private readonly CancellationToken cancellation;
    private int questions;

    public SearchLimits(SearchOptions options, CancellationToken cancellation)
    {
        clock = options.Clock;
        start = clock.GetTimestamp();
        timeout = options.Timeout ?? TimeSpan.MaxValue;
        memory = options.MemoryLimit ?? GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 2;
        this.cancellation = cancellation;
    }

    public TimeSpan Elapsed => clock.GetElapsedTime(start);

    /// <summary>Why the search has to stop; null while it need not.</summary>
    public SearchOutcome? Reached { get; private set; }

    /// <summary>To be asked once per unit of work of some microseconds.</summary>
    public bool AreReached()
    {
        if (Reached is null && ++questions % QuestionsPerLook == 0)
            Look();
        return Reached is not null;
    }

    /// <summary>The same for work that is worth nothing unless it is finished.</summary>
    /// <exception cref="OperationCanceledException">The time or the memory is used up, or the caller cancelled.</exception>
    public void ThrowIfReached()
    {
        if (AreReached())
            throw new OperationCanceledException(cancellation);
    }

    /// <summary>Passes items on as long as no limit is reached; each stands for some microseconds of work.</summary>
    /// <exception cref="OperationCanceledException">A limit is reached.</exception>
    public IEnumerable<T> Each<T>(IEnumerable<T> items)
    {
        foreach (var item in items)
        {
            ThrowIfReached();
            yield return item;
        }
    }

    private void Look()
    {
        if (cancellation.IsCancellationRequested)
            Reached = SearchOutcome.Cancelled;
        else if (Elapsed > timeout)
            Reached = SearchOutcome.TimedOut;
        else if (questions % (QuestionsPerLook * LooksPerMeasurement) == 0 && GC.GetTotalMemory(forceFullCollection: false) > memory)
            Reached = SearchOutcome.MemoryExhausted;
    }
}
