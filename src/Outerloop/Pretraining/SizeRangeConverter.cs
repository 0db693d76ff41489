using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Outerloop.Planning.Domains;

namespace Outerloop.Pretraining;

/// <summary>A range of sizes as recipes write it: <c>"3-12"</c>, or <c>"3"</c> for a single size.</summary>
internal sealed class SizeRangeConverter : JsonConverter<SizeRange>
{
    public override SizeRange Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        string text = reader.TokenType == JsonTokenType.String ? reader.GetString()! : throw new JsonException("a range of sizes is a text such as \"3-12\"");
        string[] ends = text.Split('-');
        return ends.Length <= 2 && TryRead(ends[0], out int min) && TryRead(ends[^1], out int max)
            ? new SizeRange(min, max)
            : throw new JsonException($"\"{text}\" is no range of sizes such as \"3-12\"");
    }

    public override void Write(Utf8JsonWriter writer, SizeRange value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());

    private static bool TryRead(string text, out int size) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out size);
}
