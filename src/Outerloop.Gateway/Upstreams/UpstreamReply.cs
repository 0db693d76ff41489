namespace Outerloop.Gateway.Upstreams;

/// <summary>What another server replies, its headers read.</summary>
/// <param name="response">Its body is still to be read.</param>
/// <param name="place">Is free when the reply is disposed of.</param>
internal sealed class UpstreamReply(HttpResponseMessage response, IDisposable place) : IDisposable
{
    public int Status => (int)response.StatusCode;

    public bool IsStream => response.Content.Headers.ContentType?.MediaType == "text/event-stream";

    public string? ContentType => response.Content.Headers.ContentType?.ToString();

    public long? Length => response.Content.Headers.ContentLength;

    /// <summary>Seconds, or a date; null where it says nothing.</summary>
    public string? RetryAfter => response.Headers.RetryAfter?.ToString();

    public Task<Stream> Read(CancellationToken cancellation) => response.Content.ReadAsStreamAsync(cancellation);

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
        catch (Exception problem) when (problem is HttpRequestException or IOException)
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
