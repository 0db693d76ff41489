using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Outerloop.Cli;

/// <summary>The JSON that verbs print: camel case, absent rather than null.</summary>
internal static class Json
{
    private static readonly JsonSerializerOptions Document = Options(indented: true);

    private static readonly JsonSerializerOptions Line = Options(indented: false);

    public static void Write<T>(T value, TextWriter output) => output.WriteLine(JsonSerializer.Serialize(value, Document));

    /// <summary>One line of JSON lines.</summary>
    public static void WriteLine<T>(T value, TextWriter output) => output.WriteLine(JsonSerializer.Serialize(value, Line));

    private static JsonSerializerOptions Options(bool indented) => new(JsonSerializerDefaults.Web)
    {
        WriteIndented = indented,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };
}
