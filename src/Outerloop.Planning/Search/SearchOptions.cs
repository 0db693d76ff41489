namespace Outerloop.Planning.Search;

/// <summary>How to search.</summary>
public sealed record SearchOptions
{
    /// <summary>Find a plan of least cost, by A* with the LM-cut heuristic.</summary>
    public bool Optimal { get; init; }

    /// <summary>After the first plan, look for better ones until none exists or the time is up.</summary>
    public bool Anytime { get; init; }

    /// <summary>How long to search, grounding included; null for as long as it takes.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Bytes that the process may hold; null for half of what is available to it.</summary>
    public long? MemoryLimit { get; init; }

    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Called with each plan as it is found, the last one included; each is better than the one before.</summary>
    public Action<FoundPlan>? OnPlan { get; init; }

    /// <summary>Called now and then, on the thread that searches.</summary>
    public Action<SearchProgress>? OnProgress { get; init; }
}
