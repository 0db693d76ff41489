using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using Outerloop.Model.Decoder;

namespace Outerloop.Model.Checkpoints;

/// <summary>
/// Writes a model's weights as one safetensors file of F32 tensors in layout order. The bytes are a function of the
/// weights alone, so that their SHA-256 names the weights.
/// </summary>
public static class SafetensorsWriter
{
    public static void Write(Stream stream, Parameters parameters)
    {
        WriteHeader(stream, parameters.Layout, TensorType.F32);
        // The slots tile the flat buffer in order, so the data is the buffer itself; one slot at a time keeps each
        // span of bytes under 2 GB.
        foreach (TensorSlot slot in parameters.Layout.Slots)
            stream.Write(MemoryMarshal.AsBytes(parameters[slot]));
    }

    /// <summary>SHA-256, in lower-case hex, of the file that <see cref="Write"/> would make.</summary>
    public static string Hash(Parameters parameters)
    {
        using var hash = SHA256.Create();
        using (var stream = new CryptoStream(Stream.Null, hash, CryptoStreamMode.Write))
            Write(stream, parameters);
        return Convert.ToHexStringLower(hash.Hash!);
    }

    /// <summary>All of a file but the tensors' bytes, which follow without gaps in layout order.</summary>
    internal static void WriteHeader(Stream stream, ParameterLayout layout, TensorType type)
    {
        byte[] header = Header(layout, type);
        Span<byte> length = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)header.Length);
        stream.Write(length);
        stream.Write(header);
    }

    private static byte[] Header(ParameterLayout layout, TensorType type)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteStartObject("__metadata__");
            json.WriteString("format", "pt");
            json.WriteEndObject();
            foreach (TensorSlot slot in layout.Slots)
                WriteEntry(json, slot, type);
            json.WriteEndObject();
        }

        while (buffer.Length % sizeof(ulong) != 0)
            buffer.WriteByte((byte)' ');
        return buffer.ToArray();
    }

    private static void WriteEntry(Utf8JsonWriter json, TensorSlot slot, TensorType type)
    {
        json.WriteStartObject(slot.Name);
        json.WriteString("dtype", type.ToString());
        json.WriteStartArray("shape");
        foreach (int extent in slot.Shape)
            json.WriteNumberValue(extent);
        json.WriteEndArray();
        json.WriteStartArray("data_offsets");
        json.WriteNumberValue(TensorEntry.SizeOf(type) * (long)slot.Offset);
        json.WriteNumberValue(TensorEntry.SizeOf(type) * ((long)slot.Offset + slot.Length));
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
