using System.Net;
using System.Net.Http.Headers;

namespace Outerloop.Cli.Commands.Bench.Gateway;

/// <summary>What came back to a request.</summary>
/// <param name="First">Until the first of its body.</param>
/// <param name="Whole">Until its end.</param>
internal readonly record struct LoadReply(TimeSpan First, TimeSpan Whole, byte[] Body);

/// <summary>So many clients that each send a request when the one before is answered. They read bytes and leave them for later.</summary>
internal sealed class LoadClients(Uri url, int clients, TimeProvider clock) : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false, ActivityHeadersPropagator = null }) { Timeout = TimeSpan.FromMinutes(2) };

    /// <param name="bodies">Sent in their order; of each the reply, in the same order.</param>
    /// <param name="answered">Is told how many are answered.</param>
    /// <param name="cancellation">Stops all.</param>
    /// <exception cref="OutsideException">The server fails.</exception>
    public async Task<LoadReply[]> Ask(IReadOnlyList<byte[]> bodies, Action<int> answered, CancellationToken cancellation)
    {
        var replies = new LoadReply[bodies.Count];
        int next = -1, done = 0;
        async Task Client()
        {
            byte[] buffer = new byte[1 << 16];
            for (int i; (i = Interlocked.Increment(ref next)) < bodies.Count;)
            {
                (replies[i], buffer) = await Ask(bodies[i], buffer, cancellation);
                answered(Interlocked.Increment(ref done));
            }
        }

        await Task.WhenAll(Enumerable.Range(0, clients).Select(_ => Client()));
        return replies;
    }

    public void Dispose() => _http.Dispose();

    private async Task<(LoadReply Reply, byte[] Buffer)> Ask(byte[] body, byte[] buffer, CancellationToken cancellation)
    {
        long start = clock.GetTimestamp();
        using var request = new HttpRequestMessage(HttpMethod.Post, url)
        {
            Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } },
        };
        try
        {
            using HttpResponseMessage response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
            if (response.StatusCode != HttpStatusCode.OK)
                throw new OutsideException($"{url}: {(int)response.StatusCode} {await response.Content.ReadAsStringAsync(cancellation)}");
            await using Stream stream = await response.Content.ReadAsStreamAsync(cancellation);
            TimeSpan first = default;
            int length = 0;
            while (await stream.ReadAsync(buffer.AsMemory(length), cancellation) is var read and > 0)
            {
                if (length == 0)
                    first = clock.GetElapsedTime(start);
                length += read;
                if (length == buffer.Length)
                    Array.Resize(ref buffer, 2 * buffer.Length);
            }

            return (new LoadReply(first, clock.GetElapsedTime(start), buffer[..length]), buffer);
        }
        catch (HttpRequestException problem)
        {
            throw new OutsideException($"{url}: {problem.Message}", problem);
        }
    }
}
