using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Outerloop.Cli;

/// <summary>The JSON that verbs print: camel case, absent rather than null.</summary>
internal static class Json
{
    private static readonly JsonSerializerOptions Document = ByReflection(indented: true);

    private static readonly JsonSerializerOptions Line = ByReflection(indented: false);

    public static void Write<T>(T value, TextWriter output) => output.WriteLine(JsonSerializer.Serialize(value, Document));

    /// <summary>One line of JSON lines.</summary>
    public static void WriteLine<T>(T value, TextWriter output) => output.WriteLine(JsonSerializer.Serialize(value, Line));

    /// <summary>Writes a value by metadata that the compiler made, which is ready sooner than reflection.</summary>
    public static void Write<T>(T value, JsonTypeInfo<T> type, TextWriter output) => output.WriteLine(JsonSerializer.Serialize(value, type));

    public static JsonSerializerOptions Options(bool indented) => new(JsonSerializerDefaults.Web)
    {
        WriteIndented = indented,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    private static JsonSerializerOptions ByReflection(bool indented) => new(Options(indented))
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };
}
