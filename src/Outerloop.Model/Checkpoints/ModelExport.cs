using System.Text.Json;
using Outerloop.Model.Decoder;

namespace Outerloop.Model.Checkpoints;

/// <summary>
/// Writes a model for other programs: a folder with one <c>model.safetensors</c> of the wanted type, <c>config.json</c>,
/// <c>generation_config.json</c> and the tokenizer's files, which transformers, vLLM and llama.cpp's converter read.
/// </summary>
public static class ModelExport
{
    private static readonly string[] CopiedFiles =
    [
        CheckpointFolder.TokenizerFile, "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json", "vocab.json",
        "merges.txt", "chat_template.jinja",
    ];

    /// <param name="source">A model's folder, or an adapter's, which is merged into the base that it names.</param>
    /// <param name="adapter">The folder of an adapter to merge into the model; null where there is none.</param>
    /// <param name="target">The new folder; one that is there must hold nothing but an earlier export.</param>
    /// <param name="type">Of the weights; a value between two of the type is rounded to the nearer.</param>
    /// <returns>The SHA-256 of the weights' file.</returns>
    /// <exception cref="CheckpointException">A folder cannot be read or written, or a weight is beyond the type's range.</exception>
    public static string Write(string source, string? adapter, string target, TensorType type)
    {
        RequireFree(target);
        Parameters parameters = CheckpointFolder.Load(source).Parameters;
        if (adapter is not null)
            parameters = AdapterFolder.Load(adapter, parameters.Config).Merge(parameters);
        string from = AdapterFolder.IsOne(source) ? AdapterFolder.BaseOf(source) : source;
        try
        {
            return AtomicFolder.Write(target, writer => WriteFiles(writer, from, parameters, type))
                .Single(entry => entry.Name == CheckpointFolder.WeightsFile).Sha256;
        }
        catch (InvalidDataException e)
        {
            throw new CheckpointException(source, e.Message, "export as bf16 or f32", e);
        }
    }

    private static void WriteFiles(FolderWriter writer, string from, Parameters parameters, TensorType type)
    {
        using JsonFile config = JsonFile.Read(Path.Combine(from, HuggingFaceConfig.FileName));
        writer.Add(HuggingFaceConfig.FileName, stream => HuggingFaceConfig.Rewrite(config, stream, type));
        writer.Add(CheckpointFolder.WeightsFile, stream => SafetensorsWriter.Write(stream, parameters, type));
        const string Generation = "generation_config.json";
        if (File.Exists(Path.Combine(from, Generation)))
            writer.Copy(Path.Combine(from, Generation));
        else
            writer.Add(Generation, stream => WriteGeneration(config, stream));
        foreach (string name in CopiedFiles.Where(name => File.Exists(Path.Combine(from, name))))
            writer.Copy(Path.Combine(from, name));
    }

    /// <summary>Where a text ends, as <c>config.json</c> says.</summary>
    private static void WriteGeneration(JsonFile config, Stream stream)
    {
        using var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true, NewLine = "\n" });
        json.WriteStartObject();
        json.WriteBoolean("_from_model_config", true);
        foreach (string name in (string[])["bos_token_id", "eos_token_id", "pad_token_id"])
        {
            if (JsonFile.Optional(config.Root, name) is not { } id)
                continue;
            json.WritePropertyName(name);
            id.WriteTo(json);
        }

        json.WriteEndObject();
    }

    /// <summary>A folder with anything but a model in it is not replaced.</summary>
    private static void RequireFree(string target)
    {
        if (File.Exists(target) || (Directory.Exists(target)
            && Directory.EnumerateFileSystemEntries(target).Any() && !File.Exists(Path.Combine(target, "generation_config.json"))))
            throw new CheckpointException(target, "is there already and is no exported model", "choose another folder");
    }
}
