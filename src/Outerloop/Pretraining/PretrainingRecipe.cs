using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Outerloop.Pretraining;

/// <summary>How often an amateur goes wrong.</summary>
/// <param name="Systematic">Probability that a demonstration follows one of the wrong methods from start to end.</param>
/// <param name="Slip">Probability that an action is spoilt.</param>
public sealed record AmateurHabits(double Systematic, double Slip);

/// <summary>One stretch of the pre-training of a base.</summary>
/// <param name="Name">For the progress display.</param>
/// <param name="Steps">Optimiser steps.</param>
/// <param name="MinBlocks">Blocks of the smallest tasks; counts are drawn uniformly.</param>
/// <param name="MaxBlocks">Blocks of the largest tasks.</param>
/// <param name="Habits">How the demonstrator goes wrong; absent for the teacher.</param>
public sealed record PretrainingStage(string Name, int Steps, int MinBlocks, int MaxBlocks, AmateurHabits? Habits = null);

/// <summary>
/// How the base that comes with the program is made: first a correct teacher on tiny tasks, so that the model learns to
/// look names up, then amateurs on all sizes. From <see cref="UnsolvedFrom"/> blocks on no demonstration is valid: what
/// the model samples right there it has not been shown.
/// </summary>
public sealed record PretrainingRecipe
{
    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        NewLine = "\n",
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    public long Seed { get; init; }

    /// <summary>Demonstrations with at least so many blocks are drawn again until the validator refuses them.</summary>
    public int UnsolvedFrom { get; init; } = 6;

    /// <summary>Share of the smaller demonstrations that are the teacher's, also among amateurs.</summary>
    public double CleanShare { get; init; } = 0.15;

    public int BatchTokens { get; init; } = 1400;

    /// <summary>Peak learning rate; it rises over the first 2 % of the steps and falls to 0 over the last half.</summary>
    public double LearningRate { get; init; } = 3e-3;

    public int Layers { get; init; } = 6;

    public int Dim { get; init; } = 80;

    public int Heads { get; init; } = 4;

    public int KvHeads { get; init; } = 2;

    public int HeadDim { get; init; } = 32;

    public int FeedForward { get; init; } = 160;

    public int MaxPositions { get; init; } = 512;

    public ImmutableArray<PretrainingStage> Stages { get; init; } =
    [
        new("teacher on tiny tasks", 300, 2, 4),
        new("amateurs who slip", 2700, 2, 12, new AmateurHabits(0, 0.12)),
    ];

    [JsonIgnore]
    public int Steps => Stages.Sum(stage => stage.Steps);

    /// <exception cref="InputException">The file cannot be read or is no recipe; located.</exception>
    public static PretrainingRecipe Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<PretrainingRecipe>(File.ReadAllText(path), Format) ?? throw new InputException($"{path}: no recipe");
        }
        catch (JsonException problem)
        {
            throw new InputException($"{path}:{problem.LineNumber + 1}:{problem.BytePositionInLine + 1}: no recipe: {problem.Message.Split(". Path")[0]}", problem);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{path}: cannot be read: {problem.Message}", problem);
        }
    }

    public string Print() => JsonSerializer.Serialize(this, Format) + "\n";
}
