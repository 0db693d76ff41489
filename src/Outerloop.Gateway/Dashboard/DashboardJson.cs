using System.Text.Json;
using System.Text.Json.Serialization;

namespace Outerloop.Gateway.Dashboard;

/// <summary>The JSON of the dashboard's API: as the command line's, camel case, absent rather than null. It escapes what a page could take for markup.</summary>
internal static class DashboardJson
{
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    /// <summary>How an enumeration's value is written in JSON, in addresses and in the store.</summary>
    public static string Code<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());
}
