using System.Net.Http.Headers;
using Outerloop.Gateway.OpenAi;

namespace Outerloop.Gateway.Upstreams;

/// <summary>Sends requests to other servers, each to the one with the fewest under way; one that cannot be reached is passed over for a while.</summary>
public sealed class UpstreamPool : IDisposable
{
    private const string IdHeader = "X-Request-Id";

    /// <summary>What packs a stream may hold it back.</summary>
    private static readonly StringWithQualityHeaderValue Plain = new("identity");

    private readonly Lock _lock = new();
    private readonly UpstreamServer[] _servers;
    private readonly TimeProvider _clock;
    private readonly HttpClient _http;

    /// <param name="options">Where they are.</param>
    /// <param name="clock">Measures pauses.</param>
    public UpstreamPool(UpstreamOptions options, TimeProvider clock)
    {
        Options = options;
        _servers = [.. options.Urls.Select(url => new UpstreamServer(url))];
        _clock = clock;
        _http = new HttpClient(new SocketsHttpHandler
        {
            ActivityHeadersPropagator = null,
            AllowAutoRedirect = false,
            ConnectTimeout = options.TimeToConnect,
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30),
            UseCookies = false,
        })
        {
            Timeout = Timeout.InfiniteTimeSpan, // each request has its own deadline
        };
        if (options.Key is { } key)
            _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
    }

    internal UpstreamOptions Options { get; }

    public override string ToString() => $"{Options}";

    public void Dispose() => _http.Dispose();

    /// <summary>Sends a request on. Of what its client has sent besides the body nothing goes with it.</summary>
    /// <param name="path">Below the API's base.</param>
    /// <param name="body">Null for a GET.</param>
    /// <param name="told">What the request is called, for the other server's log, and the gateways that it comes through.</param>
    /// <param name="cancellation">Also of reading the reply.</param>
    /// <exception cref="ApiException">No server can be reached, or the one that was asked broke off.</exception>
    internal async Task<UpstreamReply> Send(string path, ReadOnlyMemory<byte>? body, (string Id, string Via) told, CancellationToken cancellation)
    {
        var tried = new HashSet<UpstreamServer>();
        while (Take(tried) is { } server)
        {
            tried.Add(server);
            var place = new Place(this, server);
            try
            {
                using HttpRequestMessage request = Request(server, path, body, told);
                HttpResponseMessage response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
                Reached(server, true);
                return new UpstreamReply(response, place);
            }
            catch (Exception problem) when (IsUnreachable(problem))
            {
                Reached(server, false);
                place.Dispose();
            }
            catch (Exception problem)
            {
                place.Dispose();
                throw problem is HttpRequestException ? UpstreamFailure.BrokeOff() : problem;
            }
        }

        throw UpstreamFailure.Unreachable((int)Math.Ceiling(Options.Pause.TotalSeconds));
    }

    private static HttpRequestMessage Request(UpstreamServer server, string path, ReadOnlyMemory<byte>? body, (string Id, string Via) told)
    {
        var request = new HttpRequestMessage(body is null ? HttpMethod.Get : HttpMethod.Post, new Uri($"{server.Url.AbsoluteUri.TrimEnd('/')}/{path}"));
        request.Headers.TryAddWithoutValidation(IdHeader, told.Id);
        request.Headers.TryAddWithoutValidation("Via", told.Via);
        request.Headers.AcceptEncoding.Add(Plain);
        if (body is { } bytes)
            request.Content = new ReadOnlyMemoryContent(bytes) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        return request;
    }

    /// <summary>Whether the request came to no server. A connection that does not come about in time ends as if somebody had cancelled it.</summary>
    private static bool IsUnreachable(Exception problem) => problem switch
    {
        HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError } => true,
        OperationCanceledException { InnerException: TimeoutException } => true,
        _ => false,
    };

    private void Reached(UpstreamServer server, bool isThere)
    {
        lock (_lock)
            server.Unreachable = isThere ? null : _clock.GetTimestamp();
    }

    /// <summary>The best of those that were not tried; null if all were.</summary>
    private UpstreamServer? Take(HashSet<UpstreamServer> tried)
    {
        lock (_lock)
        {
            UpstreamServer? best = _servers.Where(server => !tried.Contains(server)).OrderBy(IsPaused).ThenBy(server => server.Outstanding).FirstOrDefault();
            if (best is not null)
                best.Outstanding++;
            return best;
        }
    }

    private bool IsPaused(UpstreamServer server) => server.Unreachable is { } since && _clock.GetElapsedTime(since) < Options.Pause;

    /// <summary>A request's share of a server until it is answered.</summary>
    private sealed class Place(UpstreamPool pool, UpstreamServer server) : IDisposable
    {
        private int _left;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _left, 1) != 0)
                return;
            lock (pool._lock)
                server.Outstanding--;
        }
    }
}
