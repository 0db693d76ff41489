using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Outerloop.Gateway.OpenAi;

namespace Outerloop.Gateway.Endpoints;

/// <summary>An answer as server-sent events, one JSON document each.</summary>
internal sealed class EventStream : IDisposable
{
    public const string MediaType = "text/event-stream";

    private readonly HttpResponse _response;
    private readonly Utf8JsonWriter _json;

    public EventStream(HttpResponse response)
    {
        _response = response;
        _json = new Utf8JsonWriter(response.BodyWriter, new JsonWriterOptions { Encoder = Wire.Json.Encoder });
        if (response.HasStarted)
            return; // a failure is told on a stream that was begun
        response.ContentType = MediaType;
        response.Headers.CacheControl = "no-cache";
        response.HttpContext.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
    }

    /// <summary>Buffered until <see cref="Flush"/>.</summary>
    public void Write<T>(T value)
    {
        _response.BodyWriter.Write("data: "u8);
        _json.Reset(_response.BodyWriter);
        JsonSerializer.Serialize(_json, value, Wire.Json);
        _response.BodyWriter.Write("\n\n"u8);
    }

    /// <summary>What ends a stream that is whole.</summary>
    public void WriteEnd() => _response.BodyWriter.Write("data: [DONE]\n\n"u8);

    public async ValueTask Flush(CancellationToken cancellation) => await _response.BodyWriter.FlushAsync(cancellation);

    public void Dispose() => _json.Dispose();
}

internal static class PipeWriting
{
    public static void Write(this System.IO.Pipelines.PipeWriter pipe, ReadOnlySpan<byte> bytes) => System.Buffers.BuffersExtensions.Write(pipe, bytes);
}
