using Outerloop.Model.Decoder;
using Outerloop.Model.Tokenization;

namespace Outerloop.Model.Checkpoints;

/// <summary>
/// The Hugging Face folder of a Qwen3-style model: <c>config.json</c>, <c>model.safetensors</c> (or shards and their
/// index), <c>tokenizer.json</c>, and our <c>manifest.json</c>. Saving is atomic (see <see cref="AtomicFolder"/>).
/// </summary>
public static class CheckpointFolder
{
    internal const string WeightsFile = "model.safetensors";

    internal const string TokenizerFile = "tokenizer.json";

    /// <summary>A model; of an adapter's folder, the base that it names with the adapter merged into it.</summary>
    /// <param name="folder">The folder that holds <c>config.json</c>, or <c>adapter_config.json</c>.</param>
    /// <param name="verify">Whether to check every file's size and SHA-256 where the folder has a manifest.</param>
    /// <exception cref="CheckpointException">A file is missing, damaged or not what can be run.</exception>
    public static Checkpoint Load(string folder, bool verify = true)
    {
        folder = AtomicFolder.Locate(folder, HuggingFaceConfig.FileName);
        if (AdapterFolder.IsOne(folder))
            return AdapterFolder.LoadMerged(folder, verify);
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
        return AtomicFolder.Write(folder, writer => WriteFiles(writer, parameters, tokenizer)).Single(entry => entry.Name == WeightsFile).Sha256;
    }

    /// <summary>Everything but the weights.</summary>
    /// <param name="folder">As the caller names it; becomes the one in which the files lie.</param>
    internal static (ModelConfig Config, SpecialTokenIds Special, ITokenizer? Tokenizer) Describe(ref string folder)
    {
        folder = AtomicFolder.Locate(folder, HuggingFaceConfig.FileName);
        if (!File.Exists(Path.Combine(folder, HuggingFaceConfig.FileName)))
            throw new CheckpointException(folder, $"holds no model (no {HuggingFaceConfig.FileName})", "give a Hugging Face folder");
        using JsonFile file = JsonFile.Read(Path.Combine(folder, HuggingFaceConfig.FileName));
        (ModelConfig config, SpecialTokenIds special) = HuggingFaceConfig.Read(file);
        return (config, special, LoadTokenizer(folder, config));
    }

    private static void WriteFiles(FolderWriter writer, Parameters parameters, ITokenizer? tokenizer)
    {
        var special = new SpecialTokenIds(null, tokenizer?.EndOfText, tokenizer?.EndOfText);
        writer.Add(HuggingFaceConfig.FileName, stream => HuggingFaceConfig.Write(stream, parameters.Config, special));
        writer.Add(WeightsFile, stream => SafetensorsWriter.Write(stream, parameters));
        if (tokenizer is null)
            return;
        writer.Add(TokenizerFile, tokenizer.Write);
        writer.Add(TokenizerConfig.FileName, stream => TokenizerConfig.Write(stream, tokenizer, parameters.Config.MaxPositions));
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
}
