using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using Outerloop.Model.Decoder;
using Outerloop.Model.Kernels;

namespace Outerloop.Model.Checkpoints;

/// <summary>The values of one tensor, row-major.</summary>
internal delegate ReadOnlySpan<float> TensorValues();

/// <summary>One tensor to be written.</summary>
internal sealed record StoredTensor(string Name, ImmutableArray<int> Shape, TensorValues Values)
{
    /// <summary>The tensors of a flat buffer.</summary>
    public static IEnumerable<StoredTensor> Of(IEnumerable<TensorSlot> slots, float[] values, string prefix = "") =>
        slots.Select(slot => new StoredTensor(prefix + slot.Name, slot.Shape, () => values.AsSpan(slot.Range)));
}

/// <summary>
/// Writes one safetensors file. The bytes are a function of names, values and types alone, so that the SHA-256 of a
/// model's F32 tensors in layout order names its weights.
/// </summary>
public static class SafetensorsWriter
{
    private const int ChunkElements = 64 * 1024;

    /// <summary>Where the tensors of halves begin, which are read where they lie: at a vector.</summary>
    private const int MappedAlignment = 64;

    /// <summary>A model's weights in layout order.</summary>
    public static void Write(Stream stream, Parameters parameters, TensorType type = TensorType.F32) =>
        Write(stream, [.. StoredTensor.Of(parameters.Layout.Slots, parameters.Values)], type);

    /// <exception cref="InvalidDataException">A finite value is beyond the range of the type.</exception>
    internal static void Write(
        Stream stream, IReadOnlyList<StoredTensor> tensors, TensorType type, IReadOnlyDictionary<string, string>? metadata = null)
    {
        WriteHeader(stream, tensors.Select(tensor => (tensor.Name, tensor.Shape)), type, metadata);
        // One tensor at a time keeps each span of bytes under 2 GB.
        foreach (StoredTensor tensor in tensors)
        {
            if (type == TensorType.F32)
                stream.Write(MemoryMarshal.AsBytes(tensor.Values()));
            else
                WriteHalves(stream, tensor, type);
        }
    }

    /// <summary>All of a file but the tensors' bytes, which follow without gaps in their order.</summary>
    internal static void WriteHeader(
        Stream stream, IEnumerable<(string Name, ImmutableArray<int> Shape)> tensors, TensorType type, IReadOnlyDictionary<string, string>? metadata = null)
    {
        byte[] header = Header(tensors, type, metadata ?? ImmutableDictionary<string, string>.Empty);
        Span<byte> length = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)header.Length);
        stream.Write(length);
        stream.Write(header);
    }

    /// <summary>SHA-256, in lower-case hex, of the F32 file of a model's weights.</summary>
    public static string Hash(Parameters parameters)
    {
        using var hash = SHA256.Create();
        using (var stream = new CryptoStream(Stream.Null, hash, CryptoStreamMode.Write))
            Write(stream, parameters);
        return Convert.ToHexStringLower(hash.Hash!);
    }

    private static void WriteHalves(Stream stream, StoredTensor tensor, TensorType type)
    {
        ReadOnlySpan<float> values = tensor.Values();
        ushort[] halves = new ushort[Math.Min(values.Length, ChunkElements)];
        for (int done = 0; done < values.Length; done += ChunkElements)
        {
            ReadOnlySpan<float> part = values[done..Math.Min(done + ChunkElements, values.Length)];
            for (int i = 0; i < part.Length; i++)
                halves[i] = Narrow(part[i], type, tensor.Name);
            stream.Write(MemoryMarshal.AsBytes(halves.AsSpan(0, part.Length)));
        }
    }

    /// <summary>The nearest value of the type, ties to even.</summary>
    private static ushort Narrow(float value, TensorType type, string name)
    {
        ushort bits = type == TensorType.F16 ? BitConverter.HalfToUInt16Bits((Half)value) : BFloat16.Round(value);
        float back = type == TensorType.F16 ? (float)BitConverter.UInt16BitsToHalf(bits) : BitConverter.UInt32BitsToSingle((uint)bits << 16);
        return float.IsFinite(back) || !float.IsFinite(value)
            ? bits
            : throw new InvalidDataException($"tensor '{name}' holds {value}, which is beyond the range of {type}");
    }

    private static byte[] Header(
        IEnumerable<(string Name, ImmutableArray<int> Shape)> tensors, TensorType type, IReadOnlyDictionary<string, string> metadata)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteStartObject("__metadata__");
            json.WriteString("format", "pt");
            foreach ((string name, string value) in metadata.OrderBy(entry => entry.Key, StringComparer.Ordinal))
                json.WriteString(name, value);
            json.WriteEndObject();
            long next = 0;
            foreach ((string name, ImmutableArray<int> shape) in tensors)
                next = WriteEntry(json, name, shape, type, next);
            json.WriteEndObject();
        }

        // A file of floats is copied as it is read, and its hash names the weights: there the format's own alignment remains.
        int alignment = type == TensorType.F32 ? sizeof(ulong) : MappedAlignment;
        while ((sizeof(ulong) + buffer.Length) % alignment != 0)
            buffer.WriteByte((byte)' ');
        return buffer.ToArray();
    }

    /// <returns>Where the next tensor begins.</returns>
    private static long WriteEntry(Utf8JsonWriter json, string name, ImmutableArray<int> shape, TensorType type, long begin)
    {
        long end = begin + (TensorEntry.SizeOf(type) * shape.Aggregate(1L, (product, extent) => product * extent));
        json.WriteStartObject(name);
        json.WriteString("dtype", type.ToString());
        json.WriteStartArray("shape");
        foreach (int extent in shape)
            json.WriteNumberValue(extent);
        json.WriteEndArray();
        json.WriteStartArray("data_offsets");
        json.WriteNumberValue(begin);
        json.WriteNumberValue(end);
        json.WriteEndArray();
        json.WriteEndObject();
        return end;
    }
}
