using System.Text;
using System.Text.Json.Nodes;
using Outerloop.Gateway.Tests.Support;

namespace Outerloop.Gateway.Tests.Endpoints;

/// <summary>Whatever is sent gets an answer in OpenAI's shape, says what is wrong, and ends nothing but itself.</summary>
public sealed class HostileRequestTests : IAsyncLifetime
{
    private BaseGateway _gateway = null!;

    /// <summary>Bodies of a plain completion, each with the member that is to blame; null where it is none in particular.</summary>
    public static TheoryData<string, string?> WrongBodies => new()
    {
        { "", null },
        { "{", null },
        { "null", null },
        { "[]", null },
        { "\"text\"", null },
        { "{\"\\ud800\":1,\"model\":\"base\"}", null },
        { "{}", "model" },
        { "{\"model\":5}", "model" },
        { "{\"model\":\"\\ud800\"}", "model" },
        { With(""), "prompt" },
        { With("\"prompt\":{}"), "prompt" },
        { With("\"prompt\":[]"), null },
        { With("\"prompt\":\"\""), null },
        { With("\"prompt\":\"hello\""), null },
        { With("\"prompt\":[1,-2]"), "prompt" },
        { With("\"prompt\":[1,1e9]"), "prompt" },
        { With("\"prompt\":[[1,2]]"), "prompt" },
        { Asking("\"n\":0"), "n" },
        { Asking("\"n\":1000000000"), "n" },
        { Asking("\"n\":1e400"), "n" },
        { Asking("\"n\":100"), "n" },
        { Asking("\"max_tokens\":-1"), "max_tokens" },
        { Asking("\"max_tokens\":99999999999999999999"), "max_tokens" },
        { Asking("\"max_tokens\":\"9\""), "max_tokens" },
        { Asking("\"temperature\":-1"), "temperature" },
        { Asking("\"temperature\":1e400"), "temperature" },
        { Asking("\"temperature\":\"hot\""), "temperature" },
        { Asking("\"top_p\":0"), "top_p" },
        { Asking("\"seed\":1.5"), "seed" },
        { Asking("\"seed\":1e40"), "seed" },
        { Asking("\"seeds\":[1,2],\"n\":3"), "seeds" },
        { Asking("\"stop\":[1]"), "stop" },
        { Asking("\"stop\":\"\""), "stop" },
        { Asking($"\"stop\":[{string.Join(',', Enumerable.Repeat("\"a\"", 17))}]"), "stop" },
        { Asking("\"stream\":\"yes\""), "stream" },
        { Asking("\"logprobs\":5"), "logprobs" },
        { Asking("\"tools\":[{\"type\":\"function\"}]"), "tools" },
        { Asking("\"echo\":true"), "echo" },
    };

    public async Task InitializeAsync() => _gateway = await BaseGateway.Start(mostAnswers: 64);

    public async Task DisposeAsync() => await _gateway.DisposeAsync();

    [Theory]
    [MemberData(nameof(WrongBodies))]
    public async Task A_wrong_body_is_refused_with_the_member_that_is_to_blame(string body, string? blamed)
    {
        RequireRefusal(await _gateway.Post("/v1/completions", body), 400, blamed);
        await RequireAlive();
    }

    [Theory]
    [InlineData("\"messages\":5", "messages")]
    [InlineData("\"messages\":[]", "messages")]
    [InlineData("\"messages\":[5]", "messages[0]")]
    [InlineData("\"messages\":[{\"content\":\"b1\"}]", "messages[0].role")]
    [InlineData("\"messages\":[{\"role\":\"god\",\"content\":\"b1\"}]", "messages[0].role")]
    [InlineData("\"messages\":[{\"role\":\"user\"}]", "messages[0].content")]
    [InlineData("\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\"}]}]", "messages[0].content")]
    [InlineData("\"messages\":[{\"role\":\"user\",\"content\":\"(define (problem p) (:domain nowhere))\"}]", "messages[0].content")]
    [InlineData("\"messages\":[{\"role\":\"user\",\"content\":\"(define (problem p) (:domain blocksworld) (:init (flies b1)))\"}]", "messages[0].content")]
    public async Task A_wrong_conversation_is_refused_at_its_place(string members, string blamed)
    {
        RequireRefusal(await _gateway.Post("/v1/chat/completions", With(members)), 400, blamed);
        await RequireAlive();
    }

    [Fact]
    public async Task Any_bytes_are_refused_and_nothing_ends()
    {
        var random = new Random(1);
        byte[] right = Encoding.UTF8.GetBytes(Asking("\"n\":2,\"max_tokens\":2,\"stop\":[\"a\"],\"seed\":1,\"top_p\":0.5"));
        for (int round = 0; round < 300; round++)
        {
            byte[] bytes = [.. right];
            for (int change = random.Next(1, 4); change > 0; change--)
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            GatewayReply reply = await _gateway.Post("/v1/completions", bytes[..random.Next(1, bytes.Length + 1)]);
            if (reply.Status != 200)
                RequireRefusal(reply, reply.Status == 404 ? 404 : 400);
        }

        await RequireAlive();
    }

    [Theory]
    [InlineData("[")]
    [InlineData("{\"a\":")]
    public async Task A_deeply_nested_body_is_refused(string opening)
    {
        string deep = string.Concat(Enumerable.Repeat(opening, 200_000));

        RequireRefusal(await _gateway.Post("/v1/completions", With($"\"prompt\":{deep}")), 400);
        await RequireAlive();
    }

    [Theory]
    [InlineData("(define (problem ", "(", ")")]
    [InlineData("(define", "(define", "")]
    [InlineData("(define (problem p)", ";(define\n", ")")]
    public async Task A_deeply_nested_task_is_refused(string opening, string inside, string closing)
    {
        string text = opening + string.Concat(Enumerable.Repeat(inside, 100_000)) + string.Concat(Enumerable.Repeat(closing, 100_002));
        string body = new JsonObject { ["model"] = BaseGateway.Model, ["messages"] = new JsonArray(new JsonObject { ["role"] = "user", ["content"] = text }) }.ToJsonString();

        GatewayReply reply = await _gateway.Post("/v1/chat/completions", body);

        RequireRefusal(reply, 400);
        Assert.True(reply.Text.Length < 1000);
        await RequireAlive();
    }

    [Fact]
    public async Task A_body_that_is_too_long_is_refused()
    {
        RequireRefusal(await _gateway.Post("/v1/completions", With($"\"prompt\":\"{new string(' ', 5 << 20)}\"")), 413);
        await RequireAlive();
    }

    [Fact]
    public async Task A_prompt_longer_than_the_model_can_read_is_refused_in_the_words_that_clients_know()
    {
        GatewayReply reply = await _gateway.Post("/v1/completions", With($"\"prompt\":[{string.Join(',', Enumerable.Repeat(1, 100_000))}]"));

        RequireRefusal(reply, 400);
        Assert.Equal("context_length_exceeded", reply.Body!["error"]!["code"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_form_of_a_web_page_is_refused() =>
        RequireRefusal(await _gateway.Post("/v1/completions", Encoding.UTF8.GetBytes(Asking("\"n\":1")), "text/plain"), 415);

    [Theory]
    [InlineData("{\"model\":\"base\",\"tools\":\"\u00ff\"}")]
    [InlineData("{\"model\":\"base\",\"prompt\":\"<init> on\",\"unknown\":\"\u00ff\"}")]
    public async Task A_body_that_is_not_UTF_8_is_refused(string body)
    {
        GatewayReply reply = await _gateway.Post("/v1/completions", Encoding.Latin1.GetBytes(body));

        RequireRefusal(reply, 400);
        Assert.Contains("UTF-8", reply.Text, StringComparison.Ordinal);
        await RequireAlive();
    }

    [Fact]
    public async Task A_packed_body_is_refused_by_what_packs_it()
    {
        using var http = new HttpClient();
        using var content = new StringContent(Asking("\"n\":1"), Encoding.UTF8, "application/json");
        content.Headers.ContentEncoding.Add("gzip");
        using HttpResponseMessage response = await http.PostAsync(new Uri(_gateway.Url, "/v1/completions"), content);

        Assert.Equal(415, (int)response.StatusCode);
        Assert.Contains("Content-Encoding", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_that_is_not_served_is_not_repeated_in_whole() =>
        Assert.True((await _gateway.Post("/v1/completions", $"{{\"model\":\"{new string('x', 1 << 20)}\"}}")).Text.Length < 1000);

    [Theory]
    [InlineData("/")]
    [InlineData("/healthz")]
    [InlineData("/v1/models")]
    [InlineData("/v1/models/base")]
    [InlineData("/api/v1/runs")]
    [InlineData("/assets/page.js")]
    public async Task What_can_be_read_can_be_asked_for_without_its_body(string path)
    {
        using var http = new HttpClient();
        using var asked = new HttpRequestMessage(HttpMethod.Head, new Uri(_gateway.Url, path));
        using HttpResponseMessage head = await http.SendAsync(asked), whole = await http.GetAsync(new Uri(_gateway.Url, path));

        Assert.Equal((200, whole.StatusCode), ((int)head.StatusCode, head.StatusCode));
        Assert.Equal($"{whole.Content.Headers.ContentType}", $"{head.Content.Headers.ContentType}");
        Assert.Empty(await head.Content.ReadAsByteArrayAsync());
    }

    [Theory]
    [InlineData("/v1/chat/completions", "GET", "POST")]
    [InlineData("/v1/models", "DELETE", "GET, HEAD")]
    public async Task A_method_that_is_not_there_is_refused_with_those_that_are(string path, string method, string allowed)
    {
        using var http = new HttpClient();
        using var asked = new HttpRequestMessage(new HttpMethod(method), new Uri(_gateway.Url, path));
        using HttpResponseMessage response = await http.SendAsync(asked);

        Assert.Equal((405, allowed), ((int)response.StatusCode, string.Join(", ", response.Content.Headers.Allow.Order())));
    }

    [Theory]
    [InlineData("/v1/nothing", 404)]
    [InlineData("/v1/models/nobody", 404)]
    [InlineData("/v1/chat/completions", 405)]
    public async Task What_is_not_there_is_said_to_be_so(string path, int status) => RequireRefusal(await _gateway.Get(path), status);

    [Fact]
    public async Task Loading_models_is_off_unless_the_owner_allows_it() =>
        RequireRefusal(await _gateway.Post("/v1/load_lora_adapter", "{\"lora_name\":\"x\",\"lora_path\":\"/\"}"), 404);

    private static string With(string members) => $"{{\"model\":\"{BaseGateway.Model}\"{(members.Length > 0 ? "," : "")}{members}}}";

    private static string Asking(string members) => With($"\"prompt\":\"<init> on\",{members}");

    private static void RequireRefusal(GatewayReply reply, int status, string? blamed = null)
    {
        Assert.Equal(status, reply.Status);
        JsonNode error = reply.Body!["error"]!;
        Assert.NotEmpty(error["message"]!.GetValue<string>());
        Assert.Equal("invalid_request_error", error["type"]!.GetValue<string>());
        if (blamed is not null)
            Assert.Equal(blamed, error["param"]?.GetValue<string>());
    }

    /// <summary>It answers, has no place lost, and had nothing to tell its owner.</summary>
    private async Task RequireAlive()
    {
        Assert.Equal(200, (await _gateway.Post("/v1/completions", Asking("\"max_tokens\":1"))).Status);
        Assert.Empty(_gateway.Notices);
    }
}
