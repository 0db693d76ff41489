using System.Collections.Immutable;
using Outerloop.Model.Decoder;
using Outerloop.Model.Tokenization;

namespace Outerloop.Model.Checkpoints;

/// <summary>
/// The Hugging Face folder of a Qwen3-style model: <c>config.json</c>, <c>model.safetensors</c> (or shards and their
/// index), <c>tokenizer.json</c>, and our <c>manifest.json</c>.
/// <para>
/// Saving is atomic: the files are written and flushed in a sibling folder <c>.NAME.incoming</c>, which then takes the
/// place of the old one. A process killed at any instant leaves the old checkpoint or the new one, whole: between the
/// two renames the old one lies in <c>.NAME.previous</c>, where <see cref="Load"/> finds it.
/// </para>
/// </summary>
public static class CheckpointFolder
{
    internal const string WeightsFile = "model.safetensors";

    internal const string TokenizerFile = "tokenizer.json";

    /// <param name="folder">The folder that holds <c>config.json</c>.</param>
    /// <param name="verify">Whether to check every file's size and SHA-256 where the folder has a manifest.</param>
    /// <exception cref="CheckpointException">A file is missing, damaged or not what can be run.</exception>
    public static Checkpoint Load(string folder, bool verify = true)
    {
        folder = Locate(folder);
        if (verify)
            CheckpointManifest.TryRead(folder)?.Verify(folder);
        (ModelConfig config, SpecialTokenIds special, ITokenizer? tokenizer) = Describe(ref folder);
        var layout = new ParameterLayout(config);
        using WeightFiles weights = WeightFiles.Open(folder);
        weights.RequireTensors(layout);
        var parameters = new Parameters(layout, new float[layout.Length]);
        weights.ReadInto(parameters);
        return new Checkpoint(parameters, tokenizer, special, CheckpointManifest.HashOf(weights.Paths));
    }

    /// <summary>Writes a checkpoint in place of whatever checkpoint the folder held.</summary>
    /// <returns>The weights' hash.</returns>
    /// <exception cref="CheckpointException">The folder cannot be written; what it held is still there.</exception>
    public static string Save(string folder, Parameters parameters, ITokenizer? tokenizer = null)
    {
        if (tokenizer is not null && tokenizer.VocabularySize > parameters.Config.Vocabulary)
            throw new ArgumentException($"the tokenizer has {tokenizer.VocabularySize} tokens, the model {parameters.Config.Vocabulary}", nameof(tokenizer));
        return Save(folder, incoming => WriteFiles(incoming, parameters, tokenizer)).Single(entry => entry.Name == WeightsFile).Sha256;
    }

    /// <summary>Everything but the weights.</summary>
    /// <param name="folder">As the caller names it; becomes the one in which the files lie.</param>
    internal static (ModelConfig Config, SpecialTokenIds Special, ITokenizer? Tokenizer) Describe(ref string folder)
    {
        folder = Locate(folder);
        using JsonFile file = JsonFile.Read(Path.Combine(folder, HuggingFaceConfig.FileName));
        (ModelConfig config, SpecialTokenIds special) = HuggingFaceConfig.Read(file);
        return (config, special, LoadTokenizer(folder, config));
    }

    /// <summary>Writes files and their manifest in place of whatever the folder held.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="writeFiles">Writes into the folder that it is given, by <see cref="WriteFile"/>.</param>
    /// <exception cref="CheckpointException">The folder cannot be written; what it held is still there.</exception>
    internal static ImmutableArray<ManifestEntry> Save(string folder, Func<string, ImmutableArray<ManifestEntry>> writeFiles)
    {
        folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        string incoming = Sibling(folder, "incoming");
        try
        {
            DeleteIfThere(incoming);
            Directory.CreateDirectory(incoming);
            ImmutableArray<ManifestEntry> files = writeFiles(incoming);
            WriteFile(incoming, CheckpointManifest.FileName, new CheckpointManifest(files).Write);
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

    private static ImmutableArray<ManifestEntry> WriteFiles(string folder, Parameters parameters, ITokenizer? tokenizer)
    {
        var special = new SpecialTokenIds(null, tokenizer?.EndOfText, tokenizer?.EndOfText);
        var files = ImmutableArray.CreateBuilder<ManifestEntry>();
        files.Add(WriteFile(folder, HuggingFaceConfig.FileName, stream => HuggingFaceConfig.Write(stream, parameters.Config, special)));
        files.Add(WriteFile(folder, WeightsFile, stream => SafetensorsWriter.Write(stream, parameters)));
        if (tokenizer is not null)
        {
            files.Add(WriteFile(folder, TokenizerFile, tokenizer.Write));
            files.Add(WriteFile(folder, TokenizerConfig.FileName, stream => TokenizerConfig.Write(stream, tokenizer, parameters.Config.MaxPositions)));
        }

        return files.ToImmutable();
    }

    /// <summary>Writes and flushes to the disk, then notes what lies there.</summary>
    internal static ManifestEntry WriteFile(string folder, string name, Action<Stream> write)
    {
        string path = Path.Combine(folder, name);
        using (var stream = new FileStream(path, FileMode.CreateNew, FileAccess.Write))
        {
            write(stream);
            stream.Flush(flushToDisk: true);
        }

        return new ManifestEntry(name, new FileInfo(path).Length, CheckpointManifest.HashOf(path));
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

    private static string Locate(string folder)
    {
        folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        if (Directory.Exists(folder))
            return folder;
        string previous = Sibling(folder, "previous");
        return Directory.Exists(previous)
            ? previous
            : throw new CheckpointException(folder, "there is no such folder", "give the folder that holds config.json");
    }

    private static ITokenizer? LoadTokenizer(string folder, ModelConfig config)
    {
        string path = Path.Combine(folder, TokenizerFile);
        if (!File.Exists(path))
            return null;
        ITokenizer tokenizer = TokenizerJson.Load(path);
        return tokenizer.VocabularySize <= config.Vocabulary
            ? tokenizer
            : throw new CheckpointException(path, $"has {tokenizer.VocabularySize} tokens, the model {config.Vocabulary}", "tokenizer and model do not belong together");
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
