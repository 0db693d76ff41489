using System.Collections.Immutable;
using System.Text.Json;
using Outerloop.Model.Decoder;
using Outerloop.Model.Kernels;

namespace Outerloop.Model.Checkpoints;

/// <summary>The safetensors file or files of one folder, and which of them holds each tensor.</summary>
internal sealed class WeightFiles : IDisposable
{
    private const string IndexFile = "model.safetensors.index.json";

    private readonly ImmutableArray<SafetensorsFile> _files;
    private readonly Dictionary<string, (SafetensorsFile File, TensorEntry Entry)> _tensors = [];

    private WeightFiles(ImmutableArray<SafetensorsFile> files)
    {
        _files = files;
        foreach (SafetensorsFile file in files)
        {
            foreach (TensorEntry entry in file.Tensors)
            {
                if (!_tensors.TryAdd(entry.Name, (file, entry)))
                    throw new CheckpointException(file.Path, $"tensor '{entry.Name}' is in another shard too", "fetch or write the shards again");
            }
        }
    }

    /// <summary>In ordinal order of their names.</summary>
    public IEnumerable<string> Paths => _files.Select(file => file.Path);

    public static WeightFiles Open(string folder)
    {
        string index = Path.Combine(folder, IndexFile), single = Path.Combine(folder, CheckpointFolder.WeightsFile);
        IEnumerable<string> paths = File.Exists(single) || !File.Exists(index) ? [single] : ReadIndex(folder, index);
        var opened = ImmutableArray.CreateBuilder<SafetensorsFile>();
        try
        {
            foreach (string path in paths)
                opened.Add(SafetensorsFile.Open(path));
            return new WeightFiles(opened.ToImmutable());
        }
        catch
        {
            foreach (SafetensorsFile file in opened)
                file.Dispose();
            throw;
        }
    }

    /// <summary>The tensors are exactly the layout's, each of its shape.</summary>
    public void RequireTensors(ParameterLayout layout)
    {
        foreach (TensorSlot slot in layout.Slots)
        {
            if (!_tensors.TryGetValue(slot.Name, out var found))
                throw new CheckpointException(_files[0].Path, $"tensor '{slot.Name}' is missing", "config.json and weights do not belong together");
            if (!found.Entry.Shape.SequenceEqual(slot.Shape.Select(extent => (long)extent)))
                throw new CheckpointException(
                    found.File.Path,
                    $"tensor '{slot.Name}' has shape {found.Entry.ShapeText}, config.json wants {TensorEntry.FormatShape(slot.Shape.Select(extent => (long)extent))}",
                    "config.json and weights do not belong together");
        }

        var wanted = layout.Slots.Select(slot => slot.Name).ToHashSet();
        foreach ((string name, (SafetensorsFile file, _)) in _tensors)
        {
            if (!wanted.Contains(name) && !IsRedundant(name))
                throw new CheckpointException(file.Path, $"tensor '{name}' has no place in this model", "this variant of Qwen3 cannot be run");
        }
    }

    public void ReadInto(Parameters parameters)
    {
        foreach (TensorSlot slot in parameters.Layout.Slots)
        {
            (SafetensorsFile file, TensorEntry entry) = _tensors[slot.Name];
            file.Read(entry, parameters[slot]);
        }
    }

    public TensorType TypeOf(TensorSlot slot) => _tensors[slot.Name].Entry.Type;

    /// <summary>A tensor as fp32.</summary>
    public FloatBuffer Read(TensorSlot slot)
    {
        (SafetensorsFile file, TensorEntry entry) = _tensors[slot.Name];
        var values = new FloatBuffer(slot.Length);
        file.Read(entry, values.Span);
        return values;
    }

    /// <summary>A bfloat16 matrix where it lies; until this is disposed of.</summary>
    public unsafe BFloat16Matrix Map(TensorSlot slot)
    {
        (SafetensorsFile file, TensorEntry entry) = _tensors[slot.Name];
        return new BFloat16Matrix((ushort*)file.Map(entry), slot.Shape[0], slot.Shape[1]);
    }

    public void Dispose()
    {
        foreach (SafetensorsFile file in _files)
            file.Dispose();
    }

    /// <summary>A tied head stored a second time, or the rotary frequencies that follow from the config.</summary>
    private static bool IsRedundant(string name) => name == "lm_head.weight" || name.EndsWith("rotary_emb.inv_freq", StringComparison.Ordinal);

    private static string[] ReadIndex(string folder, string index)
    {
        using JsonFile file = JsonFile.Read(index);
        JsonElement map = file.Required(file.Root, "", "weight_map", JsonValueKind.Object);
        var names = new SortedSet<string>(StringComparer.Ordinal);
        foreach (JsonProperty property in map.EnumerateObject())
        {
            string name = file.Text(property.Value, $"weight_map.{property.Name}");
            if (name.Length == 0 || name != Path.GetFileName(name))
                throw file.Wrong($"weight_map.{property.Name}", $"'{name}' is not a file in this folder");
            names.Add(name);
        }

        if (names.Count == 0)
            throw file.Wrong("weight_map", "names no file");
        return [.. names.Select(name => Path.Combine(folder, name))];
    }
}
