using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Outerloop.Cli;

/// <summary>The JSON that verbs print: camel case, absent rather than null.</summary>
internal static class Json
{
    private static readonly JavaScriptEncoder Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;

    private static readonly Lazy<JsonSerializerOptions> Document = new(() => Options(indented: true));

    private static readonly Lazy<JsonSerializerOptions> Line = new(() => Options(indented: false));

    public static void Write<T>(T value, TextWriter output) => output.WriteLine(JsonSerializer.Serialize(value, Document.Value));

    /// <summary>One line of JSON lines.</summary>
    public static void WriteLine<T>(T value, TextWriter output) => output.WriteLine(JsonSerializer.Serialize(value, Line.Value));

    /// <summary>
    /// One line of JSON lines, member by member: a process that only validates a plan starts in half the time without the
    /// serializer's reflection.
    /// </summary>
    public static void WriteLine(TextWriter output, Action<Utf8JsonWriter> members)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = Encoder }))
        {
            writer.WriteStartObject();
            members(writer);
            writer.WriteEndObject();
        }

        output.WriteLine(Encoding.UTF8.GetString(buffer.WrittenSpan));
    }

    /// <summary>A document as one string.</summary>
    public static string ToText<T>(T value) => JsonSerializer.Serialize(value, Document.Value);

    private static JsonSerializerOptions Options(bool indented) => new(JsonSerializerDefaults.Web)
    {
        WriteIndented = indented,
        NewLine = "\n",
        Encoder = Encoder,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };
}
