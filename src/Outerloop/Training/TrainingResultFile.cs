using System.Text.Json;

namespace Outerloop.Training;

/// <summary>What a fine-tuning in another process has made, in a file beside the generation: it appears last.</summary>
internal static class TrainingResultFile
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    public static void Write(string generation, TrainingResult result) => AtomicFile.Write(PathOf(generation), JsonSerializer.Serialize(result, Json) + "\n");

    /// <summary>Null where there is none.</summary>
    /// <exception cref="OutsideException">It is damaged.</exception>
    public static TrainingResult? Read(string generation)
    {
        string file = PathOf(generation);
        if (!File.Exists(file))
            return null;
        try
        {
            return JsonSerializer.Deserialize<TrainingResult>(File.ReadAllText(file), Json);
        }
        catch (JsonException problem)
        {
            throw new OutsideException($"{file}: {problem.Message}", problem);
        }
    }

    private static string PathOf(string generation) => generation + ".result.json";
}
