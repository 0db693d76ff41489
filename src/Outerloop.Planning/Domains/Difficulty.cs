namespace Outerloop.Planning.Domains;

/// <summary>A named choice of sizes that every domain has.</summary>
public enum Difficulty
{
    /// <summary>Tasks to learn from.</summary>
    Pool,

    /// <summary>Tasks beyond the pool, for measuring extrapolation.</summary>
    Larger,

    /// <summary>The sizes of the easy tests of the learning track of IPC 2023.</summary>
    Easy,

    /// <summary>The sizes of its medium tests.</summary>
    Medium,

    /// <summary>The sizes of its hard tests.</summary>
    Hard,
}
