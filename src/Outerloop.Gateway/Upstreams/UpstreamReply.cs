using System.IO.Compression;
using System.Net.Http.Headers;
using Outerloop.Gateway.Endpoints;

namespace Outerloop.Gateway.Upstreams;

/// <summary>What another server replies, its headers read.</summary>
/// <param name="response">Its body is still to be read.</param>
/// <param name="place">Is free when the reply is disposed of.</param>
internal sealed class UpstreamReply(HttpResponseMessage response, IDisposable place) : IDisposable
{
    public int Status => (int)response.StatusCode;

    public bool IsStream => Type == EventStream.MediaType;

    /// <summary>Whether it may be one of OpenAI's; a server that says nothing of it is believed.</summary>
    public bool IsJson => Type is null || Type.EndsWith("json", StringComparison.OrdinalIgnoreCase);

    public string? ContentType => response.Content.Headers.ContentType?.ToString();

    /// <summary>Bytes of what <see cref="Read"/> gives; null where that is not known before.</summary>
    public long? Length => response.Content.Headers.ContentEncoding.Count == 0 ? response.Content.Headers.ContentLength : null;

    /// <summary>Seconds, or a date; null where it says nothing.</summary>
    public RetryConditionHeaderValue? RetryAfter => response.Headers.RetryAfter;

    private string? Type => response.Content.Headers.ContentType?.MediaType;

    /// <summary>The body, unpacked where the server packs what it was asked to send plain.</summary>
    /// <exception cref="OpenAi.ApiException">It is packed in a way that is not known here.</exception>
    public async Task<Stream> Read(CancellationToken cancellation)
    {
        Stream body = await response.Content.ReadAsStreamAsync(cancellation);
        foreach (string encoding in response.Content.Headers.ContentEncoding.Reverse())
        {
            body = encoding.ToLowerInvariant() switch
            {
                "identity" => body,
                "gzip" or "x-gzip" => new GZipStream(body, CompressionMode.Decompress),
                "deflate" => new ZLibStream(body, CompressionMode.Decompress),
                "br" => new BrotliStream(body, CompressionMode.Decompress),
                _ => throw UpstreamFailure.Unreadable("is packed in a way that is not known here"),
            };
        }

        return body;
    }

    /// <exception cref="OpenAi.ApiException">It is longer than so many bytes, or breaks off.</exception>
    public async Task<ReadOnlyMemory<byte>> ReadWhole(long longest, CancellationToken cancellation)
    {
        try
        {
            await using Stream stream = await Read(cancellation);
            var whole = new MemoryStream();
            byte[] buffer = new byte[1 << 14];
            while (await stream.ReadAsync(buffer, cancellation) is var count and > 0)
            {
                if (whole.Length + count > longest)
                    throw UpstreamFailure.Unreadable($"has more than {longest} bytes");
                whole.Write(buffer, 0, count);
            }

            return whole.GetBuffer().AsMemory(0, (int)whole.Length);
        }
        catch (Exception problem) when (UpstreamFailure.IsBreak(problem))
        {
            throw UpstreamFailure.BrokeOff();
        }
    }

    public void Dispose()
    {
        response.Dispose();
        place.Dispose();
    }
}
