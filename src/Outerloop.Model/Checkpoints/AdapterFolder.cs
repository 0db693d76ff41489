using Outerloop.Model.Adapters;
using Outerloop.Model.Decoder;

namespace Outerloop.Model.Checkpoints;

/// <summary>
/// A LoRA adapter in PEFT's layout: <c>adapter_config.json</c>, <c>adapter_model.safetensors</c>, and our
/// <c>manifest.json</c>. Saving is atomic.
/// </summary>
public static class AdapterFolder
{
    internal const string WeightsFile = "adapter_model.safetensors";

    /// <summary>Whether a folder holds an adapter and no model of its own.</summary>
    public static bool IsOne(string folder) =>
        File.Exists(Path.Combine(folder, PeftConfig.FileName)) && !File.Exists(Path.Combine(folder, HuggingFaceConfig.FileName));

    /// <param name="folder">The folder that holds <c>adapter_config.json</c>.</param>
    /// <param name="config">The model that it is for.</param>
    /// <param name="verify">Whether to check every file's size and SHA-256 where the folder has a manifest.</param>
    /// <exception cref="CheckpointException">A file is missing, damaged, not what can be run, or not of this model.</exception>
    public static Adapter Load(string folder, ModelConfig config, bool verify = true)
    {
        folder = AtomicFolder.Locate(folder, PeftConfig.FileName);
        if (verify)
            CheckpointManifest.TryRead(folder)?.Verify(folder);
        using JsonFile file = ReadConfig(folder);
        PeftConfig peft = PeftConfig.Read(file, config);
        using SafetensorsFile weights = SafetensorsFile.Open(Path.Combine(folder, WeightsFile));
        RequireTensors(weights, peft.Layout);
        var adapter = new Adapter(peft.Layout, new float[peft.Layout.Length], peft.Dropout);
        foreach (TensorSlot slot in peft.Layout.Slots)
            weights.Read(weights.Find(slot.Name)!, adapter[slot]);
        return adapter;
    }

    /// <summary>The folder of the model that an adapter says it is for.</summary>
    /// <exception cref="CheckpointException">It names none, or one that is not here.</exception>
    public static string BaseOf(string folder)
    {
        folder = AtomicFolder.Locate(folder, PeftConfig.FileName);
        using JsonFile file = ReadConfig(folder);
        const string Key = "base_model_name_or_path";
        string name = file.Text(JsonFile.Optional(file.Root, Key) ?? throw file.Wrong(Key, "is missing"), Key);
        string[] places = [Path.GetFullPath(Path.Combine(folder, name)), Path.GetFullPath(name)];
        return places.FirstOrDefault(place => File.Exists(Path.Combine(place, HuggingFaceConfig.FileName)))
            ?? throw file.Wrong(Key, $"'{name}' is no model's folder, seen from here or from the adapter's folder", "correct the path to the base");
    }

    /// <summary>Writes an adapter in place of whatever the folder held.</summary>
    /// <param name="folder">Where.</param>
    /// <param name="adapter">What.</param>
    /// <param name="baseModel">The base's folder as the file is to name it: absolute, or seen from this folder.</param>
    /// <exception cref="CheckpointException">The folder cannot be written; what it held is still there.</exception>
    public static void Save(string folder, Adapter adapter, string? baseModel) => AtomicFolder.Write(folder, writer =>
    {
        writer.Add(PeftConfig.FileName, new PeftConfig(adapter.Layout, adapter.Dropout, baseModel).Write);
        writer.Add(WeightsFile, stream => SafetensorsWriter.Write(
            stream, [.. StoredTensor.Of(adapter.Layout.Slots, adapter.Values)], TensorType.F32));
    });

    /// <summary>The base that the adapter names, with the adapter merged into it; the hash is that of the merged weights as F32.</summary>
    internal static Checkpoint LoadMerged(string folder, bool verify)
    {
        Checkpoint start = CheckpointFolder.Load(BaseOf(folder), verify);
        Parameters merged = Load(folder, start.Parameters.Config, verify).Merge(start.Parameters);
        return start with { Parameters = merged, WeightsHash = SafetensorsWriter.Hash(merged) };
    }

    private static JsonFile ReadConfig(string folder)
    {
        string path = Path.Combine(folder, PeftConfig.FileName);
        return File.Exists(path)
            ? JsonFile.Read(path)
            : throw new CheckpointException(folder, $"holds no adapter (no {PeftConfig.FileName})", "give the folder of a PEFT adapter");
    }

    private static void RequireTensors(SafetensorsFile file, AdapterLayout layout)
    {
        const string Remedy = "adapter_config.json, weights and base do not belong together";
        foreach (TensorSlot slot in layout.Slots)
        {
            TensorEntry entry = file.Find(slot.Name)
                ?? throw new CheckpointException(file.Path, $"tensor '{slot.Name}' is missing", Remedy);
            if (!entry.Shape.SequenceEqual(slot.Shape.Select(extent => (long)extent)))
                throw new CheckpointException(
                    file.Path, $"tensor '{slot.Name}' has shape {entry.ShapeText}, not {TensorEntry.FormatShape(slot.Shape.Select(extent => (long)extent))}", Remedy);
        }

        var wanted = layout.Slots.Select(slot => slot.Name).ToHashSet();
        if (file.Tensors.FirstOrDefault(entry => !wanted.Contains(entry.Name)) is { } surplus)
            throw new CheckpointException(file.Path, $"tensor '{surplus.Name}' has no place in this adapter", Remedy);
    }
}
