using System.ClientModel.Primitives;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Outerloop.Policies.Servers;

/// <summary>What an answer with an error's status means.</summary>
internal static class ServerRefusal
{
    private static readonly string[] NoRoom = ["context_length_exceeded", "maximum context length", "exceed_context_size", "exceeds the available context", "longer than the model's context", "max_model_len"];

    /// <exception cref="InputException">No request of this run can succeed: the key is wrong.</exception>
    /// <exception cref="OutsideException">The account has nothing left.</exception>
    public static Attempt Read(PipelineResponse response, ReadOnlySpan<byte> body, Uri server, TimeProvider clock)
    {
        string text = Message(body);
        string error = $"{server}: {response.Status} {text}";
        return response.Status switch
        {
            401 or 403 => throw new InputException($"{error}; the key in {ServerOptions.KeyVariable} is not accepted"),
            429 when text.Contains("insufficient_quota", StringComparison.Ordinal) => throw new OutsideException($"{error}; go on with --resume when the account has credit"),
            429 => new Attempt(AttemptKind.Busy, null, error, RetryAfter(response, clock)),
            400 or 413 or 422 when NoRoom.Any(sign => text.Contains(sign, StringComparison.OrdinalIgnoreCase)) => new Attempt(AttemptKind.NoRoom, null, error),
            404 or 408 or >= 500 => new Attempt(AttemptKind.Broken, null, error, RetryAfter(response, clock)),
            _ => new Attempt(AttemptKind.Refused, null, error),
        };
    }

    /// <summary>Seconds, or a date.</summary>
    private static TimeSpan? RetryAfter(PipelineResponse response, TimeProvider clock)
    {
        if (!response.Headers.TryGetValue("Retry-After", out string? text))
            return null;
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double seconds) && seconds is >= 0 and < 86400)
            return TimeSpan.FromSeconds(seconds);
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, out DateTimeOffset date) && date > clock.GetUtcNow()
            ? date - clock.GetUtcNow()
            : null;
    }

    /// <summary><c>{error:{message,type,code}}</c> as "message (code)"; any other body as it begins.</summary>
    private static string Message(ReadOnlySpan<byte> body)
    {
        string text = Encoding.UTF8.GetString(body[..Math.Min(body.Length, 4096)]).Trim();
        try
        {
            using JsonDocument document = JsonDocument.Parse(text);
            if (document.RootElement.TryGetProperty("error", out JsonElement error) && error.ValueKind == JsonValueKind.Object && error.TryGetProperty("message", out JsonElement message))
                return error.TryGetProperty("code", out JsonElement code) ? $"{message} ({code})" : $"{message}";
        }
        catch (Exception problem) when (problem is JsonException or InvalidOperationException)
        {
            // A proxy's page, or half an error: it is told as it is.
        }

        return text.Length > 300 ? text[..300] + "…" : text;
    }
}
