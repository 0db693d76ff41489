using System.Text.Json;
using Outerloop.Gateway.OpenAi;

namespace Outerloop.Gateway.Upstreams;

/// <summary>Failures of other servers, as clients are told of them. Where they are and what their key is stays here.</summary>
internal static class UpstreamFailure
{
    private const int LongestMessage = 2000;

    public static ApiException Unreachable(int seconds) => new(503, "The server of this model cannot be reached; ask again later", code: "upstream_unreachable") { RetryAfter = seconds };

    public static ApiException BrokeOff() => new(502, "The server of this model broke off; ask again", code: "upstream_failed") { RetryAfter = 1 };

    /// <summary>Whether reading a reply failed because the rest of it does not come, or is not what it was packed from.</summary>
    public static bool IsBreak(Exception problem) => problem is HttpRequestException or IOException or InvalidDataException;

    /// <summary>An error inside of what began as an answer; null if there is none.</summary>
    public static ApiException? Inside(JsonElement root) =>
        root.ValueKind == JsonValueKind.Object && root.TryGetProperty("error", out JsonElement error) && error.ValueKind == JsonValueKind.Object
            && error.TryGetProperty("message", out JsonElement message) && message.ValueKind == JsonValueKind.String
            ? new ApiException(502, $"The server of this model failed: {Shortened(message.GetString()!)}", code: "upstream_failed")
            : null;

    public static ApiException Unreadable(string why) => new(502, $"The answer of this model's server {why}", code: "upstream_unreadable");

    public static ApiException TooSlow() => new(504, "The server of this model took too long", code: "upstream_failed");

    /// <summary>A refusal in OpenAI's shape; null if its body has that already and can be passed on as it is.</summary>
    /// <param name="status">Of the reply.</param>
    /// <param name="body">Its body.</param>
    /// <param name="retryAfter">Seconds, where the server says.</param>
    public static ApiException? Reshaped(int status, ReadOnlyMemory<byte> body, int? retryAfter = null)
    {
        if (status is 401 or 403)
            return new ApiException(502, "The server of this model refuses the gateway's key", code: "upstream_failed");
        if (status is < 400 or > 599)
            return Unreadable($"is a {status}");
        try
        {
            using var document = JsonDocument.Parse(body);
            JsonElement root = document.RootElement;
            if (root.ValueKind == JsonValueKind.Object && root.TryGetProperty("error", out JsonElement error) && error.ValueKind == JsonValueKind.Object)
                return null;
            if (root.ValueKind == JsonValueKind.Object && root.TryGetProperty("message", out JsonElement message) && message.ValueKind == JsonValueKind.String)
                return new ApiException(status, Shortened(message.GetString()!)) { RetryAfter = retryAfter };
        }
        catch (Exception problem) when (problem is JsonException or InvalidOperationException)
        {
            // A proxy's page, which is nothing for clients.
        }

        return new ApiException(status, $"The server of this model answers {status}", code: status >= 500 ? "upstream_failed" : null) { RetryAfter = retryAfter };
    }

    private static string Shortened(string text) => text.Length > LongestMessage ? text[..LongestMessage] + "…" : text;
}
