using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Outerloop.Model.Checkpoints;

/// <summary>
/// An open safetensors file: 8 bytes of header length, the header (JSON), the tensors' bytes. Tensors are read one by
/// one, on demand, and widened to fp32.
/// </summary>
public sealed class SafetensorsFile : IDisposable
{
    private const int ChunkElements = 64 * 1024;

    private readonly SafeFileHandle _handle;
    private readonly long _dataOffset;
    private readonly FrozenDictionary<string, TensorEntry> _byName;
    private FileMapping? _mapping;

    private SafetensorsFile(string path, SafeFileHandle handle, SafetensorsHeader header, long dataOffset)
    {
        Path = path;
        _handle = handle;
        _dataOffset = dataOffset;
        Tensors = header.Tensors;
        Metadata = header.Metadata;
        _byName = header.Tensors.ToFrozenDictionary(entry => entry.Name);
    }

    public string Path { get; }

    /// <summary>In the order of their bytes.</summary>
    public ImmutableArray<TensorEntry> Tensors { get; }

    /// <summary>What the writer noted, text by text.</summary>
    public ImmutableDictionary<string, string> Metadata { get; }

    /// <exception cref="CheckpointException">The file is missing or its header is not acceptable.</exception>
    public static SafetensorsFile Open(string path)
    {
        SafeFileHandle handle = OpenHandle(path);
        try
        {
            long length = RandomAccess.GetLength(handle), headerLength = HeaderLength(handle, length, path);
            byte[] json = new byte[headerLength];
            ReadExactly(handle, json, sizeof(ulong), path);
            long dataOffset = sizeof(ulong) + headerLength;
            return new SafetensorsFile(path, handle, SafetensorsHeader.Parse(json, length - dataOffset, path), dataOffset);
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    public TensorEntry? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>Reads a tensor, row-major, as fp32.</summary>
    /// <param name="entry">One of <see cref="Tensors"/>.</param>
    /// <param name="destination">[the tensor's elements].</param>
    public void Read(TensorEntry entry, Span<float> destination)
    {
        if (destination.Length != entry.Elements)
            throw new ArgumentException($"'{entry.Name}' has {entry.Elements} elements, got room for {destination.Length}", nameof(destination));
        long position = _dataOffset + entry.Begin;
        if (entry.Type == TensorType.F32)
            ReadExactly(_handle, MemoryMarshal.AsBytes(destination), position, Path);
        else
            ReadHalves(entry, destination, position);
    }

    /// <summary>Where a tensor lies in the mapped file, row-major; until the file is closed.</summary>
    internal unsafe byte* Map(TensorEntry entry)
    {
        _mapping ??= new FileMapping(Path, _handle);
        return _mapping.Data + _dataOffset + entry.Begin;
    }

    public void Dispose()
    {
        _mapping?.Dispose();
        _handle.Dispose();
    }

    private static SafeFileHandle OpenHandle(string path)
    {
        try
        {
            return System.IO.File.OpenHandle(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CheckpointException(path, $"cannot be opened: {e.Message}", "check the path and its permissions", e);
        }
    }

    private static long HeaderLength(SafeFileHandle handle, long fileLength, string path)
    {
        Span<byte> prefix = stackalloc byte[sizeof(ulong)];
        if (fileLength < prefix.Length)
            throw SafetensorsHeader.Refuse(path, $"{fileLength} bytes are too few for a safetensors file");
        ReadExactly(handle, prefix, 0, path);
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (length > SafetensorsHeader.MaxLength)
            throw SafetensorsHeader.Refuse(path, $"the header claims {length} bytes; {SafetensorsHeader.MaxLength} are allowed");
        if ((long)length > fileLength - prefix.Length)
            throw SafetensorsHeader.Refuse(path, $"the header claims {length} bytes; the file holds {fileLength - prefix.Length} after its length");
        return (long)length;
    }

    private static void ReadExactly(SafeFileHandle handle, Span<byte> destination, long position, string path)
    {
        while (destination.Length > 0)
        {
            int read = RandomAccess.Read(handle, destination, position);
            if (read == 0)
                throw SafetensorsHeader.Refuse(path, $"the file ends at byte {position}");
            destination = destination[read..];
            position += read;
        }
    }

    private void ReadHalves(TensorEntry entry, Span<float> destination, long position)
    {
        ushort[] buffer = ArrayPool<ushort>.Shared.Rent(ChunkElements);
        try
        {
            for (int done = 0; done < destination.Length; done += ChunkElements)
            {
                Span<float> part = destination[done..Math.Min(done + ChunkElements, destination.Length)];
                Span<ushort> halves = buffer.AsSpan(0, part.Length);
                ReadExactly(_handle, MemoryMarshal.AsBytes(halves), position + (2L * done), Path);
                Widen(entry.Type, halves, part);
            }
        }
        finally
        {
            ArrayPool<ushort>.Shared.Return(buffer);
        }
    }

    private static void Widen(TensorType type, ReadOnlySpan<ushort> halves, Span<float> destination)
    {
        for (int i = 0; i < halves.Length; i++)
        {
            destination[i] = type == TensorType.BF16
                ? BitConverter.UInt32BitsToSingle((uint)halves[i] << 16)
                : (float)BitConverter.UInt16BitsToHalf(halves[i]);
        }
    }
}
