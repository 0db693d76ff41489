using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Outerloop.Pretraining;

/// <summary>
/// How the base that comes with the program is made: first a correct teacher on tiny tasks, so that the model learns to
/// look names up, then amateurs on all sizes. No valid demonstration has as many steps as the domain's
/// <see cref="DomainRecipe.UnsolvedFrom"/>: such plans the model samples without having been shown any.
/// </summary>
public sealed record PretrainingRecipe
{
    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        NewLine = "\n",
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower), new SizeRangeConverter() },
    };

    public long Seed { get; init; }

    /// <summary>How many demonstrations in different words, with different mistakes, are made of one task.</summary>
    public int DemonstrationsPerTask { get; init; } = 6;

    public int BatchTokens { get; init; } = 1400;

    /// <summary>Peak learning rate; it rises over the first 2 % of the steps and falls to 0 over the last half.</summary>
    public double LearningRate { get; init; } = 3e-3;

    public int Layers { get; init; } = 4;

    public int Dim { get; init; } = 96;

    public int Heads { get; init; } = 4;

    public int KvHeads { get; init; } = 2;

    public int HeadDim { get; init; } = 32;

    public int FeedForward { get; init; } = 192;

    public int MaxPositions { get; init; } = 768;

    public ImmutableArray<DomainRecipe> Domains { get; init; } = [.. DomainRecipe.Bundled];

    public ImmutableArray<PretrainingStage> Stages { get; init; } = [.. PretrainingStage.Bundled];

    [JsonIgnore]
    public int Steps => Stages.Sum(stage => stage.Steps);

    /// <exception cref="InputException">The file cannot be read or is no recipe; located.</exception>
    public static PretrainingRecipe Read(string path)
    {
        try
        {
            PretrainingRecipe recipe = JsonSerializer.Deserialize<PretrainingRecipe>(File.ReadAllText(path), Format) ?? throw new InputException($"{path}: no recipe");
            return RecipeFaults.Of(recipe).FirstOrDefault() is { } fault ? throw new InputException($"{path}: {fault}") : recipe;
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
