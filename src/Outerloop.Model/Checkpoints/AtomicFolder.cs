using System.Collections.Immutable;

namespace Outerloop.Model.Checkpoints;

/// <summary>
/// A folder that appears whole or not at all: its files are written and flushed in a sibling <c>.NAME.incoming</c>, which
/// then takes the place of the old folder. A process killed at any instant leaves the old folder or the new one: between
/// the two renames the old one lies in <c>.NAME.previous</c>, where <see cref="Locate"/> finds it.
/// </summary>
internal static class AtomicFolder
{
    /// <summary>Replaces a folder by what <paramref name="write"/> writes, and a manifest of it.</summary>
    /// <returns>The manifest's entries.</returns>
    /// <exception cref="CheckpointException">The folder cannot be written; what it held is still there.</exception>
    public static ImmutableArray<ManifestEntry> Write(string folder, Action<FolderWriter> write)
    {
        folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        string incoming = Sibling(folder, "incoming");
        try
        {
            DeleteIfThere(incoming);
            Directory.CreateDirectory(incoming);
            var writer = new FolderWriter(incoming);
            write(writer);
            ImmutableArray<ManifestEntry> files = writer.Files;
            writer.Add(CheckpointManifest.FileName, new CheckpointManifest(files).Write);
            Replace(folder, incoming);
            return files;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            TryDelete(incoming);
            throw new CheckpointException(folder, $"cannot be written: {e.Message}", "check free space and permissions", e);
        }
        catch
        {
            TryDelete(incoming);
            throw;
        }
    }

    /// <summary>Where the folder's files lie.</summary>
    /// <exception cref="CheckpointException">There is no such folder.</exception>
    public static string Locate(string folder, string wanted)
    {
        folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        if (Directory.Exists(folder))
            return folder;
        string previous = Sibling(folder, "previous");
        return Directory.Exists(previous)
            ? previous
            : throw new CheckpointException(folder, "there is no such folder", $"give the folder that holds {wanted}");
    }

    private static void Replace(string folder, string incoming)
    {
        string previous = Sibling(folder, "previous");
        if (Directory.Exists(folder))
        {
            DeleteIfThere(previous);
            Directory.Move(folder, previous);
        }

        Directory.Move(incoming, folder);
        TryDelete(previous);
    }

    private static string Sibling(string folder, string role) =>
        Path.Combine(Path.GetDirectoryName(folder) ?? folder, $".{Path.GetFileName(folder)}.{role}");

    private static void DeleteIfThere(string folder)
    {
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
    }

    /// <summary>A left-over sibling is harmless: the next save removes it.</summary>
    private static void TryDelete(string folder)
    {
        try
        {
            DeleteIfThere(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
        }
    }
}

/// <summary>Writes the files of one folder and notes what lies there.</summary>
internal sealed class FolderWriter(string folder)
{
    private readonly ImmutableArray<ManifestEntry>.Builder _files = ImmutableArray.CreateBuilder<ManifestEntry>();

    public ImmutableArray<ManifestEntry> Files => _files.ToImmutable();

    /// <summary>Writes a file and flushes it to the disk.</summary>
    public void Add(string name, Action<Stream> write)
    {
        string path = Path.Combine(folder, name);
        using (var stream = new FileStream(path, FileMode.CreateNew, FileAccess.Write))
        {
            write(stream);
            stream.Flush(flushToDisk: true);
        }

        _files.Add(new ManifestEntry(name, new FileInfo(path).Length, CheckpointManifest.HashOf(path)));
    }

    /// <summary>Copies a file under its own name.</summary>
    public void Copy(string path) => Add(Path.GetFileName(path), stream =>
    {
        using FileStream source = File.OpenRead(path);
        source.CopyTo(stream);
    });
}
