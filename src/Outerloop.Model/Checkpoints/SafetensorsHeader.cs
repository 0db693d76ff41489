using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Unicode;

namespace Outerloop.Model.Checkpoints;

/// <summary>
/// The header of a safetensors file: a JSON object from tensor name to type, shape and byte range. A header is accepted
/// only if its tensors tile the data exactly, without overlap, hole or surplus, so that no later read can go astray.
/// </summary>
internal sealed class SafetensorsHeader
{
    /// <summary>Longest header that is read, in bytes: the format's own limit.</summary>
    public const long MaxLength = 100_000_000;

    private const string Remedy = "the file is damaged or not a safetensors file; fetch or write it again";

    private SafetensorsHeader(ImmutableArray<TensorEntry> tensors, ImmutableDictionary<string, string> metadata)
    {
        Tensors = tensors;
        Metadata = metadata;
    }

    /// <summary>In the order of their bytes.</summary>
    public ImmutableArray<TensorEntry> Tensors { get; }

    /// <summary>The texts under <c>__metadata__</c>.</summary>
    public ImmutableDictionary<string, string> Metadata { get; }

    /// <param name="json">The header's bytes.</param>
    /// <param name="dataLength">Bytes that follow the header.</param>
    /// <param name="file">For messages.</param>
    public static SafetensorsHeader Parse(ReadOnlyMemory<byte> json, long dataLength, string file)
    {
        if (!Utf8.IsValid(json.Span))
            throw Refuse(file, "the header is not valid UTF-8");
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { AllowDuplicateProperties = false });
            if (document.RootElement.ValueKind != JsonValueKind.Object)
                throw Refuse(file, $"the header is a JSON {document.RootElement.ValueKind}, not an object");
            var tensors = document.RootElement.EnumerateObject()
                .Where(property => property.Name != "__metadata__")
                .Select(property => ParseEntry(property, file))
                .OrderBy(entry => entry.Begin).ThenBy(entry => entry.End)
                .ToImmutableArray();
            RequireTiling(tensors, dataLength, file);
            return new SafetensorsHeader(tensors, ParseMetadata(document.RootElement));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new CheckpointException(file, $"the header is not valid JSON: {e.Message}", Remedy, e);
        }
    }

    internal static CheckpointException Refuse(string file, string problem) => new(file, problem, Remedy);

    private static TensorEntry ParseEntry(JsonProperty property, string file)
    {
        CheckpointException Wrong(string what) => Refuse(file, $"tensor '{property.Name}': {what}");
        JsonElement value = property.Value;
        if (value.ValueKind != JsonValueKind.Object)
            throw Wrong("its entry is not an object");
        if (!value.TryGetProperty("dtype", out JsonElement dtype) || dtype.ValueKind != JsonValueKind.String)
            throw Wrong("dtype is missing");
        if (ParseType(dtype.GetString()!) is not { } type)
            throw Wrong($"dtype {dtype.GetString()} is not supported (F32, F16 and BF16 are)");
        if (ParseNumbers(value, "shape") is not { } shape)
            throw Wrong("shape is not a list of whole numbers ≥ 0");
        if (ParseNumbers(value, "data_offsets") is not [var begin, var end] || begin > end)
            throw Wrong("data_offsets is not [begin, end]");
        if (!TryElements(shape, out long elements) || elements > (end - begin) / TensorEntry.SizeOf(type)
            || elements * TensorEntry.SizeOf(type) != end - begin)
            throw Wrong($"shape {TensorEntry.FormatShape(shape)} of {type} does not fill its {end - begin} bytes");
        return new TensorEntry(property.Name, type, shape, begin, end);
    }

    private static ImmutableDictionary<string, string> ParseMetadata(JsonElement root) =>
        root.TryGetProperty("__metadata__", out JsonElement metadata) && metadata.ValueKind == JsonValueKind.Object
            ? metadata.EnumerateObject()
                .Where(entry => entry.Value.ValueKind == JsonValueKind.String)
                .ToImmutableDictionary(entry => entry.Name, entry => entry.Value.GetString()!)
            : ImmutableDictionary<string, string>.Empty;

    private static TensorType? ParseType(string name) => name switch
    {
        "F32" => TensorType.F32,
        "F16" => TensorType.F16,
        "BF16" => TensorType.BF16,
        _ => null,
    };

    private static ImmutableArray<long>? ParseNumbers(JsonElement parent, string name)
    {
        if (!parent.TryGetProperty(name, out JsonElement list) || list.ValueKind != JsonValueKind.Array)
            return null;
        var numbers = ImmutableArray.CreateBuilder<long>();
        foreach (JsonElement element in list.EnumerateArray())
        {
            if (element.ValueKind != JsonValueKind.Number || !element.TryGetInt64(out long number) || number < 0)
                return null;
            numbers.Add(number);
        }

        return numbers.ToImmutable();
    }

    private static bool TryElements(ImmutableArray<long> shape, out long elements)
    {
        elements = 1;
        foreach (long extent in shape)
        {
            if (Math.BigMul(elements, extent, out elements) != 0 || elements < 0)
                return false;
        }

        return true;
    }

    private static void RequireTiling(ImmutableArray<TensorEntry> tensors, long dataLength, string file)
    {
        long next = 0;
        foreach (TensorEntry entry in tensors)
        {
            if (entry.End > dataLength)
                throw Refuse(file, $"tensor '{entry.Name}' ends at byte {entry.End} of {dataLength} bytes of data (truncated?)");
            if (entry.Begin < next)
                throw Refuse(file, $"tensor '{entry.Name}' overlaps the one before it at byte {entry.Begin}");
            if (entry.Begin > next)
                throw Refuse(file, $"bytes {next} to {entry.Begin} belong to no tensor");
            next = entry.End;
        }

        if (next != dataLength)
            throw Refuse(file, $"{dataLength - next} bytes after the last tensor belong to none");
    }
}
