using System.Globalization;
using System.Text.Json;
using System.Text.Unicode;
using Microsoft.AspNetCore.Http;

namespace Outerloop.Gateway.OpenAi;

/// <summary>The members of a request's JSON object, each with its bounds; what is wrong is said with the member's name.</summary>
internal sealed class RequestBody : IDisposable
{
    private readonly JsonDocument _document;

    private RequestBody(JsonDocument document, ReadOnlyMemory<byte> bytes)
    {
        _document = document;
        Bytes = bytes;
    }

    /// <summary>As they were sent.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <exception cref="ApiException">The body is no JSON object.</exception>
    /// <exception cref="BadHttpRequestException">It is too long, or its sender too slow.</exception>
    public static async Task<RequestBody> Read(HttpRequest request, CancellationToken cancellation)
    {
        // A page in a browser can send any other type to this machine without asking.
        if (!request.HasJsonContentType())
            throw new ApiException(415, "The body must be sent as 'Content-Type: application/json'");
        if (request.Headers.ContentEncoding.Count > 0 && request.Headers.ContentEncoding != "identity")
            throw new ApiException(415, "The body must be sent as it is, without a 'Content-Encoding'");
        var received = new MemoryStream();
        await request.Body.CopyToAsync(received, cancellation);
        ReadOnlyMemory<byte> bytes = received.GetBuffer().AsMemory(0, (int)received.Length);
        if (!Utf8.IsValid(bytes.Span))
            throw new ApiException(400, "The body is not UTF-8");
        try
        {
            JsonDocument document = JsonDocument.Parse(bytes);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
                return new RequestBody(document, bytes);
            document.Dispose();
            throw new ApiException(400, "The body must be a JSON object");
        }
        catch (JsonException problem)
        {
            throw new ApiException(400, $"The body is not JSON: {problem.Message}");
        }
    }

    public void Dispose() => _document.Dispose();

    /// <summary>A member that is there and not null.</summary>
    public JsonElement? Member(string name) => Member(_document.RootElement, name);

    public static JsonElement? Member(JsonElement parent, string name)
    {
        try
        {
            return parent.TryGetProperty(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null ? value : null;
        }
        catch (InvalidOperationException)
        {
            throw new ApiException(400, "The body has a member whose name holds half of a surrogate pair");
        }
    }

    public string Text(string name) => OptionalText(name) ?? throw ApiException.Wrong(name, "is missing");

    public string? OptionalText(string name) => Member(name) is { } value ? TextOf(value, name) : null;

    public bool Flag(string name) => Member(name) is { } value && value.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw ApiException.Wrong(name, "must be true or false"),
    };

    public int? Whole(string name, int least, int most)
    {
        if (Member(name) is not { } value)
            return null;
        return value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int number) && number >= least && number <= most
            ? number
            : throw ApiException.Wrong(name, $"must be a whole number between {least} and {most}");
    }

    public double Real(string name, double least, double most, double otherwise)
    {
        if (Member(name) is not { } value)
            return otherwise;
        return value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double number) && number >= least && number <= most
            ? number
            : throw ApiException.Wrong(name, string.Create(CultureInfo.InvariantCulture, $"must be a number between {least} and {most}"));
    }

    /// <summary>A string, for a member of the request or an element of one.</summary>
    public static string TextOf(JsonElement value, string name)
    {
        if (value.ValueKind != JsonValueKind.String)
            throw ApiException.Wrong(name, "must be a string");
        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw ApiException.Wrong(name, "is no valid Unicode text");
        }
    }
}
