using System.Text.Encodings.Web;
using System.Text.Json;
using Outerloop.Model.Checkpoints;

namespace Outerloop.Model.Tokenization;

/// <summary>
/// <c>tokenizer_config.json</c>: what lies beside <c>tokenizer.json</c>. Of others' files two things are read: the token
/// that ends a text, and the template of conversations.
/// </summary>
internal sealed record TokenizerConfig(string? EndOfText, string? ChatTemplate)
{
    public const string FileName = "tokenizer_config.json";

    /// <summary>Newer checkpoints keep the template here.</summary>
    private const string TemplateFileName = "chat_template.jinja";

    public static TokenizerConfig Absent { get; } = new(null, null);

    /// <summary><see cref="Absent"/> where there is no such file.</summary>
    /// <exception cref="CheckpointException">The file is malformed.</exception>
    public static TokenizerConfig Read(string path)
    {
        string templatePath = Path.Combine(Path.GetDirectoryName(path) ?? "", TemplateFileName);
        string? template = File.Exists(templatePath) ? ReadTemplate(templatePath) : null;
        if (!File.Exists(path))
            return new TokenizerConfig(null, template);
        using JsonFile file = JsonFile.Read(path);
        return Read(file) is var config && template is not null ? config with { ChatTemplate = template } : config;
    }

    public static TokenizerConfig Read(JsonFile file) => new(ReadEndOfText(file), ReadChatTemplate(file));

    public static void Write(Stream stream, ITokenizer tokenizer, int maxPositions)
    {
        string end = tokenizer.Token(tokenizer.EndOfText);
        using var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        json.WriteStartObject();
        json.WriteString("tokenizer_class", "PreTrainedTokenizerFast");
        json.WriteString("eos_token", end);
        json.WriteString("pad_token", end);
        json.WriteNumber("model_max_length", maxPositions);
        json.WriteBoolean("clean_up_tokenization_spaces", false);
        if (tokenizer.ChatTemplate is { } template)
            json.WriteString("chat_template", template);
        json.WriteEndObject();
    }

    /// <summary>A spelling, or an added token as an object with its <c>content</c>.</summary>
    private static string? ReadEndOfText(JsonFile file) => JsonFile.Optional(file.Root, "eos_token") switch
    {
        null => null,
        { ValueKind: JsonValueKind.Object } token => file.Text(file.Required(token, "eos_token", "content", JsonValueKind.String), "eos_token.content"),
        { } text => file.Text(text, "eos_token"),
    };

    /// <summary>A template, or a list of named ones, of which <c>default</c> counts.</summary>
    private static string? ReadChatTemplate(JsonFile file)
    {
        if (JsonFile.Optional(file.Root, "chat_template") is not { } template)
            return null;
        if (template.ValueKind != JsonValueKind.Array)
            return file.Text(template, "chat_template");
        foreach ((int index, JsonElement named) in template.EnumerateArray().Index())
        {
            string place = $"chat_template[{index}]";
            if (named.ValueKind != JsonValueKind.Object)
                throw file.Wrong(place, "is not an object");
            if (file.Text(file.Required(named, place, "name", JsonValueKind.String), $"{place}.name") == "default")
                return file.Text(file.Required(named, place, "template", JsonValueKind.String), $"{place}.template");
        }

        return null;
    }

    private static string ReadTemplate(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CheckpointException(path, $"cannot be read: {e.Message}", "check the path and its permissions", e);
        }
    }
}
