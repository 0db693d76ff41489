using System.Text.Json;

namespace Outerloop.Training.Commands;

/// <summary>Checks an adapter that another program made: whole, LoRA and nothing else, and of the base's shapes.</summary>
internal static class PeftAdapter
{
    private const string ConfigFile = "adapter_config.json", WeightsFile = "adapter_model.safetensors";
    private const string Prefix = "base_model.model.", A = ".lora_A.weight", B = ".lora_B.weight";

    public static bool IsIn(string folder) => File.Exists(Path.Combine(folder, ConfigFile));

    /// <param name="folder">The adapter's.</param>
    /// <param name="baseShapes">Null if the base is not on this machine: then the adapter is held against itself alone.</param>
    /// <exception cref="FormatException">What is wrong with it.</exception>
    public static void Check(string folder, IReadOnlyDictionary<string, long[]>? baseShapes)
    {
        long rank = Rank(folder);
        string weights = Path.Combine(folder, WeightsFile);
        if (!File.Exists(weights))
            throw new FormatException($"there is no {WeightsFile}");
        IReadOnlyDictionary<string, long[]> shapes = SafetensorsShapes.Read(weights);
        if (shapes.Count == 0)
            throw new FormatException($"{WeightsFile} holds no tensor");
        foreach ((string name, long[] shape) in shapes)
            CheckTensor(name, shape, rank, shapes, baseShapes);
    }

    private static long Rank(string folder)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, ConfigFile)));
            JsonElement config = document.RootElement;
            if (config.GetProperty("peft_type").GetString() != "LORA")
                throw new FormatException($"{ConfigFile}: peft_type is not LORA");
            if (config.TryGetProperty("modules_to_save", out JsonElement whole) && whole.ValueKind == JsonValueKind.Array && whole.GetArrayLength() > 0)
                throw new FormatException($"{ConfigFile}: modules_to_save is not empty, and servers load no whole modules with an adapter");
            return config.GetProperty("r").GetInt64();
        }
        catch (Exception problem) when (problem is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new FormatException($"{ConfigFile}: {problem.Message}", problem);
        }
    }

    /// <summary>For a base of shape [out, in], A has [rank, in] and B [out, rank].</summary>
    private static void CheckTensor(
        string name, long[] shape, long rank, IReadOnlyDictionary<string, long[]> shapes, IReadOnlyDictionary<string, long[]>? baseShapes)
    {
        bool first = name.EndsWith(A, StringComparison.Ordinal), known = first || name.EndsWith(B, StringComparison.Ordinal);
        if (!known || !name.StartsWith(Prefix, StringComparison.Ordinal))
            throw new FormatException($"the tensor {name} is none of LoRA ({Prefix}….lora_A.weight, lora_B.weight)");
        string path = name[Prefix.Length..^A.Length];
        if (!shapes.ContainsKey(Prefix + path + (first ? B : A)))
            throw new FormatException($"the tensor {name} has no partner");
        if (shape.Length != 2 || shape[first ? 0 : 1] != rank)
            throw new FormatException($"the tensor {name} of shape {Text(shape)} is not of rank {rank}");
        if (baseShapes is null)
            return;
        if (!baseShapes.TryGetValue(path + ".weight", out long[]? whole) || whole.Length != 2)
            throw new FormatException($"the base has no matrix {path}.weight, which {name} adapts");
        if (shape[first ? 1 : 0] != whole[first ? 1 : 0])
            throw new FormatException($"the tensor {name} of shape {Text(shape)} does not fit the base's {path}.weight of shape {Text(whole)}");
    }

    private static string Text(long[] shape) => $"[{string.Join(", ", shape)}]";
}
