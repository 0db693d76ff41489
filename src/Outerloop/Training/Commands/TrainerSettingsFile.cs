using System.Text.Json;
using System.Text.Json.Serialization;
using Outerloop.Configuration;
using Outerloop.Model.Adapters;

namespace Outerloop.Training.Commands;

/// <summary>A run's <c>trainer</c> settings as other programs read them: JSON, with projections by the names of their modules, <c>q_proj</c>.</summary>
internal static class TrainerSettingsFile
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
        Converters = { new ProjectionName(), new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    public static void Write(string path, TrainerSettings settings) => AtomicFile.Write(path, JsonSerializer.Serialize(settings, Json) + "\n");

    private sealed class ProjectionName : JsonConverter<Projection>
    {
        public override Projection Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => throw new NotSupportedException();

        public override void Write(Utf8JsonWriter writer, Projection value, JsonSerializerOptions options) => writer.WriteStringValue(value.Name());
    }
}
