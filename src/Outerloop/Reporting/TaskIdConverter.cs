using System.Text.Json;
using System.Text.Json.Serialization;
using Outerloop.Tasks;
using Outerloop.Traces;

namespace Outerloop.Reporting;

/// <summary>Tasks in JSON by their names, as values and as names of members.</summary>
internal sealed class TaskIdConverter : JsonConverter<TaskId>
{
    public override TaskId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName && TaskId.Parse(reader.GetString()!) is { } id ? id : throw new JsonException("no name of a task");

    public override TaskId ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => Read(ref reader, typeToConvert, options);

    public override void Write(Utf8JsonWriter writer, TaskId value, JsonSerializerOptions options) => writer.WriteStringValue($"{value}");

    public override void WriteAsPropertyName(Utf8JsonWriter writer, TaskId value, JsonSerializerOptions options) => writer.WritePropertyName($"{value}");
}

/// <summary>Traces in JSON by their names.</summary>
internal sealed class TraceIdConverter : JsonConverter<TraceId>
{
    public override TraceId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && TraceId.Parse(reader.GetString()!) is { } id ? id : throw new JsonException("no name of a trace");

    public override void Write(Utf8JsonWriter writer, TraceId value, JsonSerializerOptions options) => writer.WriteStringValue($"{value}");
}
