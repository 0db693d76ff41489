using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json;

namespace Outerloop.Model.Checkpoints;

/// <summary>One file of a checkpoint: its name in the folder, its bytes and their SHA-256 in lower-case hex.</summary>
public sealed record ManifestEntry(string Name, long Size, string Sha256);

/// <summary>
/// <c>manifest.json</c>: size and SHA-256 of every other file in a checkpoint's folder, written last, so that a damaged
/// file is found before it is used. Folders made by others have none.
/// </summary>
public sealed record CheckpointManifest(ImmutableArray<ManifestEntry> Files)
{
    public const string FileName = "manifest.json";

    private const string Remedy = "restore the file from a copy, or make the checkpoint again";

    /// <summary>Null where the folder has no manifest.</summary>
    public static CheckpointManifest? TryRead(string folder)
    {
        string path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
            return null;
        using JsonFile file = JsonFile.Read(path);
        JsonElement files = file.Required(file.Root, "", "files", JsonValueKind.Object);
        return new CheckpointManifest([.. files.EnumerateObject().Select(entry => ReadEntry(file, entry))]);
    }

    /// <exception cref="CheckpointException">A file is missing, shorter or longer than noted, or has other bytes.</exception>
    public void Verify(string folder)
    {
        foreach (ManifestEntry entry in Files)
        {
            string path = Path.Combine(folder, entry.Name);
            var info = new FileInfo(path);
            if (!info.Exists)
                throw new CheckpointException(path, $"is missing, though {FileName} lists it", Remedy);
            if (info.Length < entry.Size)
                throw new CheckpointException(path, $"is truncated: {info.Length} of {entry.Size} bytes", Remedy);
            if (info.Length > entry.Size)
                throw new CheckpointException(path, $"has {info.Length} bytes instead of {entry.Size}", Remedy);
            if (HashOf(path) != entry.Sha256)
                throw new CheckpointException(path, $"is corrupted: its SHA-256 is not the one in {FileName}", Remedy);
        }
    }

    internal static string HashOf(params IEnumerable<string> paths)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] buffer = new byte[1 << 16];
        foreach (string path in paths)
        {
            using FileStream stream = File.OpenRead(path);
            for (int read = stream.Read(buffer); read > 0; read = stream.Read(buffer))
                hash.AppendData(buffer, 0, read);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    internal void Write(Stream stream)
    {
        using var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true, NewLine = "\n" });
        json.WriteStartObject();
        json.WriteStartObject("files");
        foreach (ManifestEntry entry in Files)
        {
            json.WriteStartObject(entry.Name);
            json.WriteNumber("size", entry.Size);
            json.WriteString("sha256", entry.Sha256);
            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static ManifestEntry ReadEntry(JsonFile file, JsonProperty entry)
    {
        string place = $"files.{entry.Name}";
        if (entry.Name.Length == 0 || entry.Name != Path.GetFileName(entry.Name) || entry.Value.ValueKind != JsonValueKind.Object)
            throw file.Wrong(place, "is not the entry of a file in this folder");
        JsonElement size = file.Required(entry.Value, place, "size", JsonValueKind.Number);
        if (!size.TryGetInt64(out long bytes))
            throw file.Wrong(place, "size is not a whole number");
        string sha = file.Text(file.Required(entry.Value, place, "sha256", JsonValueKind.String), place);
        return new ManifestEntry(entry.Name, bytes, sha);
    }
}
