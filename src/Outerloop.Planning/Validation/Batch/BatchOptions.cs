namespace Outerloop.Planning.Validation;

/// <summary>How a batch is judged.</summary>
public sealed record BatchOptions
{
    /// <summary>Read plans as language models write them, see <see cref="PlanValidator.ReadLenient"/>.</summary>
    public bool Lenient { get; init; }

    public int Threads { get; init; } = 1;

    /// <summary>For one plan, and as much again for the axioms of its problem; beyond it the verdict is an error.</summary>
    public TimeSpan TimeLimit { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Characters of problems that are kept parsed; a problem takes at most some ten times as many bytes.</summary>
    public long CachedCharacters { get; init; } = 1 << 24;
}
