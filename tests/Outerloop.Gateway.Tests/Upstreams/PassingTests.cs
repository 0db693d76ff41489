using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Http;
using Outerloop.Gateway.Models;
using Outerloop.Gateway.Tests.Support;
using Outerloop.Gateway.Upstreams;

namespace Outerloop.Gateway.Tests.Upstreams;

/// <summary>Requests for models of other servers: what reaches these, and what of theirs reaches the client.</summary>
public sealed class PassingTests
{
    private const string Chat = "/v1/chat/completions", Question = "{ \"model\" : \"far\",\n\"messages\":[{\"role\":\"user\",\"content\":\"\\u0041\"}], \"unknown\": 1.50 }";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Question_and_answer_pass_byte_by_byte()
    {
        const string Answer = "{\"id\": \"x\",  \"choices\":[ ],\"more\":1e0}\n";
        await using FakeUpstream upstream = await FakeUpstream.Start(200, "application/json", Answer);
        await using BaseGateway gateway = await Before(upstream.Url);

        GatewayReply reply = await gateway.Post(Chat, Question);

        Assert.Equal((200, Answer), (reply.Status, reply.Text));
        AskedRequest asked = Assert.Single(upstream.Asked);
        Assert.Equal(("POST /v1/chat/completions", Question), (asked.Line, asked.Body));
    }

    [Fact]
    public async Task Nothing_of_a_clients_headers_goes_on_and_the_key_is_the_gateways_own()
    {
        await using FakeUpstream upstream = await FakeUpstream.Start(200, "application/json", "{}", ("Set-Cookie", "a=b"), ("X-Internal", "host7"), ("Server", "secret/1"));
        await using BaseGateway gateway = await Before(new UpstreamOptions([upstream.Url], "upstream-key"));
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(gateway.Url, Chat)) { Content = new StringContent(Question, Encoding.UTF8, "application/json") };
        foreach ((string name, string value) in (ReadOnlySpan<(string, string)>)[("Authorization", "Bearer mine"), ("Cookie", "c=d"), ("X-Forwarded-For", "1.2.3.4"), ("Proxy-Authorization", "Basic x"), ("TE", "trailers"), ("Expect", "100-continue"), ("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")])
            request.Headers.TryAddWithoutValidation(name, value);

        using HttpResponseMessage response = await http.SendAsync(request);

        IReadOnlyDictionary<string, string> headers = Assert.Single(upstream.Asked).Headers;
        Assert.Equal("Bearer upstream-key", headers["Authorization"]);
        Assert.Equal("identity", headers["Accept-Encoding"]); // what packs a stream holds it back
        Assert.Equal(["Accept-Encoding", "Authorization", "Content-Length", "Content-Type", "Host", "Via", "X-Request-ID"], headers.Keys.Order());
        Assert.DoesNotContain(response.Headers, header => header.Key is "Set-Cookie" or "X-Internal" or "Server");
    }

    [Fact]
    public async Task Events_pass_as_they_come()
    {
        var goOn = new TaskCompletionSource();
        await using FakeUpstream upstream = await FakeUpstream.Start(async context =>
        {
            context.Response.ContentType = "text/event-stream";
            await context.Response.WriteAsync(": hello\n\ndata: {\"choices\":[]}\n\n");
            await context.Response.Body.FlushAsync();
            await goOn.Task;
            await context.Response.WriteAsync("data: [DONE]\n\n");
        });
        await using BaseGateway gateway = await Before(upstream.Url);
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(gateway.Url, Chat)) { Content = new StringContent(Question, Encoding.UTF8, "application/json") };
        using HttpResponseMessage response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead).WaitAsync(Patience);
        using var stream = new StreamReader(await response.Content.ReadAsStreamAsync());

        Assert.Equal(": hello", await stream.ReadLineAsync().WaitAsync(Patience));
        goOn.SetResult();
        Assert.Equal("\ndata: {\"choices\":[]}\n\ndata: [DONE]\n\n", await stream.ReadToEndAsync().WaitAsync(Patience));
    }

    [Theory]
    [InlineData(429, "application/json", "{\"error\":{\"message\":\"slow down\",\"type\":\"x\",\"odd\":1}}", 429, "slow down")]
    [InlineData(400, "application/json", "{\"object\":\"error\",\"message\":\"too long\",\"code\":400}", 400, "too long")]
    [InlineData(503, "text/html", "<html>secret-host</html>", 503, "answers 503")]
    [InlineData(401, "application/json", "{\"error\":{\"message\":\"key upstream-key is wrong\"}}", 502, "refuses the gateway's key")]
    [InlineData(302, "text/plain", "", 502, "is a 302")]
    [InlineData(999, "text/plain", "", 502, "is a 999")]
    [InlineData(200, "text/html", "<html>secret-host</html>", 502, "is of another type")]
    public async Task Errors_are_told_in_OpenAIs_shape(int status, string type, string body, int told, string message)
    {
        await using FakeUpstream upstream = await FakeUpstream.Start(status, type, body, ("Retry-After", "7"), ("Location", "http://elsewhere/"));
        await using BaseGateway gateway = await Before(upstream.Url);

        GatewayReply reply = await gateway.Post(Chat, Question);

        Assert.Equal(told, reply.Status);
        Assert.Contains(message, (string)reply.Body!["error"]!["message"]!, StringComparison.Ordinal);
        Assert.DoesNotContain("upstream-key", reply.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("secret-host", reply.Text, StringComparison.Ordinal);
        if (status == 429)
            Assert.Equal(body, reply.Text);
        if (status is 429 or 503)
            Assert.Equal(TimeSpan.FromSeconds(7), reply.RetryAfter);
    }

    [Fact]
    public async Task A_server_that_cannot_be_reached_is_503_with_a_time_and_another_takes_its_place()
    {
        await using FakeUpstream upstream = await FakeUpstream.Start(200, "application/json", "{}");
        await using BaseGateway alone = await Before(Nobody()), both = await Before(new UpstreamOptions([Nobody(), upstream.Url], null));

        GatewayReply refused = await alone.Post(Chat, Question);

        Assert.Equal((503, "upstream_unreachable"), (refused.Status, (string)refused.Body!["error"]!["code"]!));
        Assert.InRange(refused.RetryAfter!.Value.TotalSeconds, 1, 60);
        for (int i = 0; i < 3; i++)
            Assert.Equal(200, (await both.Post(Chat, Question)).Status);
    }

    [Fact]
    public async Task A_server_that_takes_no_connection_cannot_be_reached_either()
    {
        await using FakeUpstream upstream = await FakeUpstream.Start(200, "application/json", "{}");
        using var silent = new SilentListener();
        await using BaseGateway alone = await Before(Hasty(silent.Url)), both = await Before(Hasty(silent.Url, upstream.Url));

        GatewayReply refused = await alone.Post(Chat, Question);

        Assert.Equal((503, "upstream_unreachable"), (refused.Status, (string)refused.Body!["error"]!["code"]!));
        for (int i = 0; i < 3; i++)
            Assert.Equal(200, (await both.Post(Chat, Question)).Status);
        Assert.Empty(alone.Notices);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    [InlineData("br")]
    public async Task An_answer_that_comes_packed_is_told_unpacked(string encoding)
    {
        const string Answer = "{\"choices\":[]}";
        await using FakeUpstream upstream = await FakeUpstream.Start(200, "application/json", Packed(Answer, encoding), ("Content-Encoding", encoding));
        await using BaseGateway gateway = await Before(upstream.Url);

        GatewayReply reply = await gateway.Post(Chat, Question);

        Assert.Equal((200, Answer), (reply.Status, reply.Text));
    }

    [Theory]
    [InlineData("zstd", 502)]
    [InlineData("gzip", 502)]
    public async Task What_cannot_be_unpacked_is_no_answer(string encoding, int status)
    {
        await using FakeUpstream upstream = await FakeUpstream.Start(200, "application/json", "{}", ("Content-Encoding", encoding));
        await using BaseGateway gateway = await Before(upstream.Url);

        GatewayReply reply = await gateway.Post(Chat, Question);

        Assert.Equal(status, reply.Status);
        Assert.StartsWith("upstream_", (string)reply.Body!["error"]!["code"]!, StringComparison.Ordinal);
        Assert.Empty(gateway.Notices);
    }

    [Fact]
    public async Task A_stream_that_breaks_off_ends_in_an_error_whatever_its_type_says_besides()
    {
        var seen = new TaskCompletionSource();
        await using FakeUpstream upstream = await FakeUpstream.Start(async context =>
        {
            context.Response.ContentType = "text/event-stream; charset=utf-8";
            await context.Response.WriteAsync("data: {\"choices\":[]}\n\n");
            await context.Response.Body.FlushAsync();
            await seen.Task;
            context.Abort();
        });
        await using BaseGateway gateway = await Before(upstream.Url);
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(gateway.Url, Chat)) { Content = new StringContent(Question, Encoding.UTF8, "application/json") };
        using HttpResponseMessage response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead).WaitAsync(Patience);
        using var stream = new StreamReader(await response.Content.ReadAsStreamAsync());

        Assert.StartsWith("data: ", await stream.ReadLineAsync().WaitAsync(Patience), StringComparison.Ordinal);
        seen.SetResult();
        Assert.Contains("upstream_failed", await stream.ReadToEndAsync().WaitAsync(Patience), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Servers_share_by_what_is_under_way()
    {
        var goOn = new TaskCompletionSource();
        Task Hold(HttpContext context) => goOn.Task;
        await using FakeUpstream first = await FakeUpstream.Start(Hold), second = await FakeUpstream.Start(Hold);
        await using BaseGateway gateway = await Before(new UpstreamOptions([first.Url, second.Url], null));
        var asked = new List<Task<GatewayReply>>();
        for (int i = 1; i <= 6; i++)
        {
            asked.Add(gateway.Post(Chat, Question));
            while (first.Asked.Count + second.Asked.Count < i)
                await Task.Delay(1);
        }

        Assert.Equal((3, 3), (first.Asked.Count, second.Asked.Count));
        goOn.SetResult();
        await Task.WhenAll(asked).WaitAsync(Patience);
    }

    [Fact]
    public async Task A_client_that_leaves_is_seen_to_leave_there()
    {
        var left = new TaskCompletionSource();
        await using FakeUpstream upstream = await FakeUpstream.Start(async context =>
        {
            using CancellationTokenRegistration gone = context.RequestAborted.Register(left.SetResult);
            context.Response.ContentType = "text/event-stream";
            await context.Response.WriteAsync("data: {}\n\n");
            await context.Response.Body.FlushAsync();
            await left.Task;
        });
        await using BaseGateway gateway = await Before(upstream.Url);
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(gateway.Url, Chat)) { Content = new StringContent(Question, Encoding.UTF8, "application/json") };
        using (await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead).WaitAsync(Patience))
            Assert.False(left.Task.IsCompleted);

        await left.Task.WaitAsync(Patience);
        while (await gateway.UnderWay() > 0)
            await Task.Delay(5);
    }

    [Fact]
    public async Task Models_here_and_there_are_listed_together()
    {
        await using FakeUpstream upstream = await FakeUpstream.Start(200, "application/json", "{\"data\":[{\"id\":\"far/off\",\"owned_by\":\"vllm\",\"root\":7},{\"no\":1}]}");
        await using BaseGateway gateway = await Before(upstream.Url), alone = await Before(Nobody());

        Assert.Equal(["base", "far/off"], (await gateway.Get("/v1/models")).Body!["data"]!.AsArray().Select(model => (string)model!["id"]!));
        Assert.Equal(7, (int)(await gateway.Get("/v1/models/far/off")).Body!["root"]!);
        Assert.Equal(7, (int)(await gateway.Get("/v1/models/far%2Foff")).Body!["root"]!); // as clients send it
        Assert.Equal(404, (await gateway.Get("/v1/models/nobody")).Status);
        Assert.Equal(["base"], (await alone.Get("/v1/models")).Body!["data"]!.AsArray().Select(model => (string)model!["id"]!));
    }

    [Fact]
    public async Task A_server_that_does_not_say_what_it_has_keeps_nobody_waiting()
    {
        await using FakeUpstream upstream = await FakeUpstream.Start(context => Task.Delay(Timeout.Infinite, context.RequestAborted));
        var options = new UpstreamOptions([upstream.Url], null) { TimeToList = TimeSpan.FromMilliseconds(200) };
        await using BaseGateway both = await Before(options), alone = await BaseGateway.Start(new UpstreamPool(options, TimeProvider.System), models: false);

        Assert.Equal(["base"], (await both.Get("/v1/models")).Body!["data"]!.AsArray().Select(model => (string)model!["id"]!));
        Assert.Equal(504, (await alone.Get("/v1/models")).Status);
    }

    [Fact]
    public async Task A_gateway_before_a_gateway_gives_the_samplers_answers()
    {
        await using BaseGateway behind = await BaseGateway.Start();
        await using BaseGateway gateway = await BaseGateway.Start(new UpstreamPool(new UpstreamOptions([behind.Url], null), TimeProvider.System), models: false);

        GatewayReply reply = await gateway.Post("/v1/completions", $"{{\"model\":\"base\",\"prompt\":\"{BaseGateway.Words}\",\"seed\":11,\"max_tokens\":192}}");

        Assert.Equal((await Alone.Answer(BaseGateway.Words, 11)).Text, (string)reply.Body!["choices"]![0]!["text"]!);
    }

    [Fact]
    public async Task A_gateway_that_passes_requests_to_itself_ends_them()
    {
        var options = new GatewayOptions { Port = FreePort() };
        var around = new GatewaySurroundings(TimeProvider.System, new Progress<string>());
        using var itself = new UpstreamPool(new UpstreamOptions([new Uri($"http://127.0.0.1:{options.Port}/v1")], null), TimeProvider.System);
        await using GatewayServer server = await GatewayServer.Start(options, new FolderModels(TimeProvider.System), [], around with { Upstreams = itself }, default);
        using var http = new HttpClient();
        using var question = new StringContent(Question, Encoding.UTF8, "application/json");

        using HttpResponseMessage answer = await http.PostAsync(new Uri(server.Url, Chat), question).WaitAsync(Patience);
        using HttpResponseMessage models = await http.GetAsync(new Uri(server.Url, "/v1/models")).WaitAsync(Patience);

        Assert.Equal((508, 502), ((int)answer.StatusCode, (int)models.StatusCode));
        Assert.Contains("upstream_loop", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private static UpstreamOptions Hasty(params Uri[] urls) => new([.. urls], null) { TimeToConnect = TimeSpan.FromMilliseconds(200) };

    private static byte[] Packed(string text, string encoding)
    {
        var packed = new MemoryStream();
        using (Stream packing = encoding switch { "gzip" => new GZipStream(packed, CompressionLevel.Fastest), "br" => new BrotliStream(packed, CompressionLevel.Fastest), _ => new ZLibStream(packed, CompressionLevel.Fastest) })
            packing.Write(Encoding.UTF8.GetBytes(text));
        return packed.ToArray();
    }

    private static Task<BaseGateway> Before(Uri upstream) => Before(new UpstreamOptions([upstream], null));

    private static Task<BaseGateway> Before(UpstreamOptions options) => BaseGateway.Start(new UpstreamPool(options, TimeProvider.System));

    /// <summary>A server where nobody listens.</summary>
    private static Uri Nobody() => new($"http://127.0.0.1:{FreePort()}/v1");

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
