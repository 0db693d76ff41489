using System.Buffers.Binary;
using System.Text.Json;

namespace Outerloop.Training.Commands;

/// <summary>Names and shapes of the tensors in a safetensors file, of whatever type; the values are not read.</summary>
internal static class SafetensorsShapes
{
    private const long LongestHeader = 100_000_000;

    /// <exception cref="FormatException">The file is no safetensors file, or cut short.</exception>
    public static IReadOnlyDictionary<string, long[]> Read(string file)
    {
        using FileStream stream = File.OpenRead(file);
        byte[] size = new byte[8];
        if (stream.ReadAtLeast(size, 8, throwOnEndOfStream: false) < 8)
            throw new FormatException("it is too short");
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(size);
        if (length > LongestHeader || (long)length > stream.Length - 8)
            throw new FormatException("it is no safetensors file, or cut short");
        byte[] header = new byte[length];
        stream.ReadExactly(header);
        try
        {
            return Shapes(header, stream.Length - 8 - (long)length);
        }
        catch (Exception problem) when (problem is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw new FormatException($"its header is damaged: {problem.Message}", problem);
        }
    }

    private static Dictionary<string, long[]> Shapes(byte[] header, long data)
    {
        using JsonDocument document = JsonDocument.Parse(header);
        var shapes = new Dictionary<string, long[]>(StringComparer.Ordinal);
        foreach (JsonProperty tensor in document.RootElement.EnumerateObject().Where(tensor => tensor.Name != "__metadata__"))
        {
            if (tensor.Value.GetProperty("data_offsets")[1].GetInt64() > data)
                throw new FormatException($"it is cut short: the values of {tensor.Name} are missing");
            shapes[tensor.Name] = [.. tensor.Value.GetProperty("shape").EnumerateArray().Select(side => side.GetInt64())];
        }

        return shapes;
    }
}
