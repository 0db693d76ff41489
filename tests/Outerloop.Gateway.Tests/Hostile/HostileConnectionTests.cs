using System.Globalization;
using System.Text;
using Outerloop.Gateway.Tests.Support;
using Outerloop.Gateway.Tests.Upstreams;
using Outerloop.Gateway.Upstreams;

namespace Outerloop.Gateway.Tests.Hostile;

/// <summary>Clients that break the rules of HTTP, or keep them and mean harm. They lose their connection; others are served.</summary>
public sealed class HostileConnectionTests : IAsyncLifetime
{
    private BaseGateway _gateway = null!;

    /// <summary>Requests of which parts of a chain could think differently where they end.</summary>
    public static TheoryData<string> Ambiguous =>
    [
        "Content-Length: 5\r\nContent-Length: 6\r\n",
        "Content-Length: 5, 6\r\n",
        "Content-Length: +5\r\n",
        "Content-Length: -1\r\n",
        "Content-Length: 0x5\r\n",
        "Content-Length: 99999999999999999999\r\n",
        "Transfer-Encoding: identity\r\n",
        "Transfer-Encoding: xchunked\r\n",
        "Transfer-Encoding: chunked, identity\r\n",
        "Transfer-Encoding : chunked\r\n",
        "Transfer-Encoding:\u000bchunked\r\n",
        " Transfer-Encoding: chunked\r\n",
        "X: a\r\n Transfer-Encoding: chunked\r\n",
        "X: a\rTransfer-Encoding: chunked\r\n",
        "X: a\0\r\n",
        "X\u0001: a\r\n",
        ": a\r\n",
        "Host: other\r\n",
    ];

    public async Task InitializeAsync() => _gateway = await BaseGateway.Start();

    public async Task DisposeAsync() => await _gateway.DisposeAsync();

    [Theory]
    [MemberData(nameof(Ambiguous))]
    public async Task A_request_of_unclear_length_or_form_is_refused_and_its_connection_ends(string header)
    {
        string answer = await RawClient.Exchange(_gateway.Url, $"POST /v1/completions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n{header}\r\nhello GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n");

        Assert.Matches("^HTTP/1.1 (400|411|413|415|501) ", answer);
        Assert.DoesNotContain("200 OK", answer, StringComparison.Ordinal);
        await RequireAlive();
    }

    [Theory]
    [InlineData("GET  /healthz HTTP/1.1\r\n\r\n")]
    [InlineData("GET /healthz HTTP/9.9\r\nHost: localhost\r\n\r\n")]
    [InlineData("GET /healthz\r\n\r\n")]
    [InlineData("GET /healthz HTTP/1.1\r\n\r\n")]
    [InlineData("G\0T /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")]
    [InlineData("\u0016\u0003\u0001\u0002\0\u0001\0\u0001\u00fc\u0003\u0003 hello of TLS\r\n\r\n")]
    [InlineData("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")]
    [InlineData("GET /healthz HTTP/1.1\r\nHost: a b\r\n\r\n")]
    [InlineData("GET http://elsewhere.example/healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")]
    [InlineData("CONNECT elsewhere.example:80 HTTP/1.1\r\nHost: localhost\r\n\r\n")]
    public async Task What_is_no_request_to_this_server_is_refused(string bytes)
    {
        Assert.DoesNotContain("200 OK", await RawClient.Exchange(_gateway.Url, bytes), StringComparison.Ordinal);
        await RequireAlive();
    }

    [Theory]
    [InlineData("X: ", "\r\n\r\n", 1 << 20)]
    [InlineData("GET /", " HTTP/1.1\r\n\r\n", 1 << 20)]
    public async Task Endless_headers_are_refused(string before, string after, int length)
    {
        using RawClient client = await RawClient.Connect(_gateway.Url);
        Task<string> answer = client.ReadToEnd();
        await client.TrySend((before[0] == 'X' ? "GET /healthz HTTP/1.1\r\nHost: localhost\r\n" : "") + before + new string('a', length) + after);
        Assert.Matches("^HTTP/1.1 4(14|31) ", await answer);
        await RequireAlive();
    }

    [Fact]
    public async Task A_body_in_chunks_beyond_the_limit_is_refused()
    {
        using RawClient client = await RawClient.Connect(_gateway.Url);
        await client.Send("POST /v1/completions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n");
        Task<string> answer = client.ReadToEnd();
        string chunk = string.Create(CultureInfo.InvariantCulture, $"{1 << 16:x}\r\n{new string(' ', 1 << 16)}\r\n");
        for (int sent = 0; sent < 200 && !answer.IsCompleted; sent++)
            await client.TrySend(chunk);

        Assert.StartsWith("HTTP/1.1 413 ", await answer, StringComparison.Ordinal);
        await RequireAlive();
    }

    [Fact]
    public async Task Slow_headers_and_bodies_lose_their_connections_and_nobody_waits_for_them()
    {
        const int Each = 50;
        var slow = new List<RawClient>();
        try
        {
            for (int i = 0; i < 2 * Each; i++)
            {
                RawClient client = await RawClient.Connect(_gateway.Url);
                slow.Add(client);
                await client.Send(i < Each ? "GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-" : "POST /v1/completions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{");
            }

            Task<string[]> ends = Task.WhenAll(slow.Select(client => client.ReadToEnd()));
            await RequireAlive();
            Assert.All(await ends, end => Assert.Matches("^(HTTP/1.1 408 |$)", end));
            await RequireAlive();
        }
        finally
        {
            slow.ForEach(client => client.Dispose());
        }
    }

    [Theory]
    [InlineData("Content-Length: 4\r\nTransfer-Encoding: chunked\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\nContent-Length: 400\r\n")]
    public async Task What_one_length_hides_from_the_other_does_not_reach_another_server(string lengths)
    {
        await using FakeUpstream upstream = await FakeUpstream.Start(200, "application/json", "{}");
        await using BaseGateway gateway = await BaseGateway.Start(new UpstreamPool(new UpstreamOptions([upstream.Url], null), TimeProvider.System), models: false);
        const string Body = "{\"model\":\"far\"}", Hidden = "GET /v1/hidden HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

        await RawClient.Exchange(gateway.Url, $"POST /v1/completions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n{lengths}\r\n{Body.Length:x}\r\n{Body}\r\n0\r\n\r\n{Hidden}");

        Assert.All(upstream.Asked, asked =>
        {
            Assert.Equal(("POST /v1/completions", Body), (asked.Line, asked.Body));
            Assert.False(asked.Headers.ContainsKey("Transfer-Encoding"));
        });
        Assert.InRange(upstream.Asked.Count, 0, 1);
    }

    [Theory]
    [InlineData("GET /v1/models/a%0d%0aSet-Cookie:%20a=b HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")]
    [InlineData("GET /a%0aSet-Cookie:%20a=b HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")]
    [InlineData("GET /api/v1/runs/a%0d%0aSet-Cookie:%20a=b/charts HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")]
    public async Task A_line_break_in_a_path_stays_out_of_the_headers(string request)
    {
        string answer = await RawClient.Exchange(_gateway.Url, request);
        Assert.DoesNotContain("Set-Cookie", answer[..answer.IndexOf("\r\n\r\n", StringComparison.Ordinal)], StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("/v1/completions", "{\"model\":\"a\\r\\nSet-Cookie: a=b\",\"prompt\":\"x\"}")]
    [InlineData("/v1/completions", "{\"model\":\"base\",\"prompt\":\"a\\r\\nSet-Cookie: a=b\"}")]
    [InlineData("/v1/chat/completions", "{\"model\":\"base\",\"messages\":[{\"role\":\"a\\r\\nSet-Cookie: a=b\",\"content\":\"\"}]}")]
    public async Task A_line_break_in_a_body_stays_out_of_the_headers(string path, string body)
    {
        string answer = await RawClient.Exchange(
            _gateway.Url, $"POST {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}");
        Assert.StartsWith("HTTP/1.1 4", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("Set-Cookie", answer[..answer.IndexOf("\r\n\r\n", StringComparison.Ordinal)], StringComparison.OrdinalIgnoreCase);
    }

    private async Task RequireAlive()
    {
        Assert.Equal(200, (await _gateway.Post("/v1/completions", $"{{\"model\":\"base\",\"prompt\":\"{BaseGateway.Words}\",\"max_tokens\":1}}").WaitAsync(RawClient.Patience)).Status);
        Assert.Empty(_gateway.Notices);
    }
}
