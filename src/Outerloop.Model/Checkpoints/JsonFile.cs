using System.Text.Json;
using System.Text.Unicode;

namespace Outerloop.Model.Checkpoints;

/// <summary>
/// One JSON file of a checkpoint, read whole; every complaint names the file and the place in it, as a path such as
/// <c>model.vocab.on</c>, or a line and column while the text is not yet JSON.
/// </summary>
internal sealed class JsonFile : IDisposable
{
    private readonly JsonDocument _document;

    private JsonFile(string path, JsonDocument document)
    {
        Path = path;
        _document = document;
    }

    public string Path { get; }

    public JsonElement Root => _document.RootElement;

    public static JsonFile Read(string path)
    {
        try
        {
            return Parse(path, File.ReadAllBytes(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CheckpointException(path, $"cannot be read: {e.Message}", "check the path and its permissions", e);
        }
    }

    /// <summary>The root is an object and no object has a name twice.</summary>
    public static JsonFile Parse(string path, byte[] utf8)
    {
        if (!Utf8.IsValid(utf8))
            throw new CheckpointException(path, "the text is not valid UTF-8", "save it as UTF-8");
        try
        {
            var document = JsonDocument.Parse(utf8, new JsonDocumentOptions { AllowDuplicateProperties = false });
            var file = new JsonFile(path, document);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
                return file;
            document.Dispose();
            throw new CheckpointException(path, "the text is not a JSON object", "restore the file");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            string place = e is JsonException { LineNumber: { } line } syntax ? $"line {line + 1}, column {syntax.BytePositionInLine + 1}: " : "";
            throw new CheckpointException(path, $"{place}not valid JSON: {e.Message}", "restore or correct the file", e);
        }
    }

    public CheckpointException Wrong(string place, string problem, string remedy = "restore or correct the file") =>
        new(Path, $"{place}: {problem}", remedy);

    /// <summary>The member, or null if it is absent or JSON null.</summary>
    public static JsonElement? Optional(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null ? value : null;

    public JsonElement Required(JsonElement parent, string place, string name, JsonValueKind kind)
    {
        if (Optional(parent, name) is not { } value)
            throw Wrong(Join(place, name), "is missing");
        return value.ValueKind == kind ? value : throw Wrong(Join(place, name), $"is a {value.ValueKind}, not a {kind}");
    }

    public string Text(JsonElement value, string place)
    {
        if (value.ValueKind != JsonValueKind.String)
            throw Wrong(place, $"is a {value.ValueKind}, not a string");
        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw Wrong(place, "holds half of a surrogate pair");
        }
    }

    public int Integer(JsonElement value, string place, int least = 0)
    {
        if (value.ValueKind != JsonValueKind.Number || !value.TryGetInt32(out int number))
            throw Wrong(place, "is not a whole number of 32 bits");
        return number >= least ? number : throw Wrong(place, $"is {number}; at least {least} is needed");
    }

    public static string Join(string place, string name) => place.Length == 0 ? name : $"{place}.{name}";

    public void Dispose() => _document.Dispose();
}
