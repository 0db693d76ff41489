using System.Text.Json;
using Outerloop.Model.Checkpoints;
using Outerloop.Model.Tokenization.BytePairs;

namespace Outerloop.Model.Tokenization;

/// <summary>
/// Reads <c>tokenizer.json</c>. The parts that change the meaning of a text (normalizer, pre-tokenizer, post-processor,
/// model) must be the ones that are built here; anything else is refused with its place in the file.
/// </summary>
public static class TokenizerJson
{
    /// <summary>Far above any tokenizer's; a larger file is another kind of file.</summary>
    private const long LargestFile = 256L << 20;

    /// <summary>Reads the file, and the <c>tokenizer_config.json</c> beside it where there is one.</summary>
    /// <exception cref="CheckpointException">A file is missing, malformed or of another kind.</exception>
    public static ITokenizer Load(string path)
    {
        if (new FileInfo(path) is { Exists: true, Length: > LargestFile and long length })
            throw new CheckpointException(path, $"has {length} bytes; a tokenizer has at most {LargestFile}", "restore the file");
        var config = TokenizerConfig.Read(Path.Combine(Path.GetDirectoryName(path) ?? "", TokenizerConfig.FileName));
        using JsonFile file = JsonFile.Read(path);
        return Read(file, config);
    }

    internal static ITokenizer Read(JsonFile file, TokenizerConfig? config = null)
    {
        JsonElement model = file.Required(file.Root, "", "model", JsonValueKind.Object);
        string type = file.Text(file.Required(model, "model", "type", JsonValueKind.String), "model.type");
        try
        {
            return type switch
            {
                "WordLevel" => WordLevelReader.Read(file, model),
                "BPE" => BytePairReader.Read(file, model, config ?? TokenizerConfig.Absent),
                _ => throw file.Wrong("model.type", $"is '{type}'", "only WordLevel and byte-level BPE models can be read"),
            };
        }
        catch (ArgumentException e)
        {
            throw file.Wrong("model.vocab", e.Message);
        }
    }
}
