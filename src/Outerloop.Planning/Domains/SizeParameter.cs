namespace Outerloop.Planning.Domains;

/// <summary>A size that a generator can be asked for, with its range for each difficulty.</summary>
/// <param name="Name">As options name it, e.g. <c>blocks</c>.</param>
/// <param name="Description">What is counted.</param>
/// <param name="Smallest">The least size for which a task exists.</param>
public sealed record SizeParameter(string Name, string Description, int Smallest = 1)
{
    public required SizeRange Pool { get; init; }

    public required SizeRange Larger { get; init; }

    public required SizeRange Easy { get; init; }

    public required SizeRange Medium { get; init; }

    public required SizeRange Hard { get; init; }

    public SizeRange Of(Difficulty difficulty) => difficulty switch
    {
        Difficulty.Pool => Pool,
        Difficulty.Larger => Larger,
        Difficulty.Easy => Easy,
        Difficulty.Medium => Medium,
        Difficulty.Hard => Hard,
        _ => throw new ArgumentOutOfRangeException(nameof(difficulty), difficulty, null),
    };
}
