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
    /// <summary>As many as there are names in the model's vocabulary.</summary>
    private const int MostBlocks = 20;

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
            PretrainingRecipe recipe = JsonSerializer.Deserialize<PretrainingRecipe>(File.ReadAllText(path), Format) ?? throw new InputException($"{path}: no recipe");
            return recipe.Faults().FirstOrDefault() is { } fault ? throw new InputException($"{path}: {fault}") : recipe;
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

    /// <summary>What cannot be trained, or would be drawn for ever.</summary>
    private IEnumerable<string> Faults()
    {
        (string Name, int Value)[] positive =
        [
            ("layers", Layers), ("dim", Dim), ("heads", Heads), ("kvHeads", KvHeads), ("headDim", HeadDim),
            ("feedForward", FeedForward), ("maxPositions", MaxPositions), ("batchTokens", BatchTokens), ("stages", Stages.Length),
        ];
        foreach ((string name, int value) in positive.Where(size => size.Value < 1))
            yield return $"{name}: {value} is less than 1";
        if (HeadDim % 2 != 0 || (KvHeads > 0 && Heads % KvHeads != 0))
            yield return "headDim must be even, and kvHeads divide heads";
        foreach (PretrainingStage stage in Stages)
        {
            if (stage.Steps < 1 || stage.MinBlocks < 2 || stage.MaxBlocks < stage.MinBlocks || stage.MaxBlocks > MostBlocks)
                yield return $"stage '{stage.Name}' wants at least one step, and blocks from 2 to {MostBlocks} in order";
            if (stage.Habits is null && stage.MaxBlocks >= UnsolvedFrom)
                yield return $"stage '{stage.Name}' has the teacher solve tasks of {UnsolvedFrom} blocks and more, which the recipe wants unsolved";
            if (stage.Habits is { Slip: 0, Systematic: 0 } && stage.MaxBlocks >= UnsolvedFrom)
                yield return $"stage '{stage.Name}' has amateurs who never fail, on tasks of {UnsolvedFrom} blocks and more, which the recipe wants unsolved";
        }
    }

    public string Print() => JsonSerializer.Serialize(this, Format) + "\n";
}
