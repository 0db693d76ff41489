using System.IO.MemoryMappedFiles;
using Microsoft.Win32.SafeHandles;

namespace Outerloop.Model.Checkpoints;

/// <summary>A whole file in the address space, to be read only.</summary>
internal sealed unsafe class FileMapping : IDisposable
{
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;

    /// <param name="path">For messages.</param>
    /// <param name="handle">Stays open.</param>
    public FileMapping(string path, SafeFileHandle handle)
    {
        try
        {
            _file = MemoryMappedFile.CreateFromFile(handle, mapName: null, capacity: 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true);
            _view = _file.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CheckpointException(path, $"cannot be mapped into memory: {e.Message}", "check that the file system can map files", e);
        }

        byte* data = null;
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref data);
        Data = data + _view.PointerOffset;
    }

    /// <summary>The file's first byte.</summary>
    public byte* Data { get; }

    public void Dispose()
    {
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
        _file.Dispose();
    }
}
