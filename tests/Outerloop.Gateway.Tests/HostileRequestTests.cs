using System.Net;
using System.Text.Json.Nodes;

namespace Outerloop.Gateway.Tests;

/// <summary>Whatever is sent, the answer is an error in OpenAI's shape, and the gateway goes on.</summary>
public sealed class HostileRequestTests
{
    private const string Good = """{"model":"base","prompt":"<init> on b1 b2 on-table b2 clear b1 arm-empty <goal> on b2 b1 <plan>","max_tokens":4}""";

    public static TheoryData<string, string, int> Requests => new()
    {
        { "completions", "", 400 },
        { "completions", "{", 400 },
        { "completions", "[]", 400 },
        { "completions", "null", 400 },
        { "completions", "{}", 400 },
        { "completions", """{"model":7,"prompt":"x"}""", 400 },
        { "completions", """{"model":"../../etc/passwd","prompt":"x"}""", 404 },
        { "completions", """{"model":"base"}""", 400 },
        { "completions", """{"model":"base","prompt":""}""", 400 },
        { "completions", """{"model":"base","prompt":[1,-1]}""", 400 },
        { "completions", """{"model":"base","prompt":[99999999]}""", 400 },
        { "completions", """{"model":"base","prompt":"<plan>","n":0}""", 400 },
        { "completions", """{"model":"base","prompt":"<plan>","n":1000000}""", 400 },
        { "completions", """{"model":"base","prompt":"<plan>","max_tokens":-1}""", 400 },
        { "completions", """{"model":"base","prompt":"<plan>","max_tokens":1e99}""", 400 },
        { "completions", """{"model":"base","prompt":"<plan>","temperature":"hot"}""", 400 },
        { "completions", """{"model":"base","prompt":"<plan>","temperature":-1}""", 400 },
        { "completions", """{"model":"base","prompt":"<plan>","top_p":0}""", 400 },
        { "completions", """{"model":"base","prompt":"<plan>","seed":1.5}""", 400 },
        { "completions", """{"model":"base","prompt":"<plan>","seeds":[1,2],"n":3}""", 400 },
        { "completions", """{"model":"base","prompt":"<plan>","stop":[""]}""", 400 },
        { "completions", """{"model":"base","prompt":"<plan>","stream":"yes"}""", 400 },
        { "completions", """{"model":"base","prompt":"<plan>","logit_bias":{"1":100}}""", 400 },
        { "completions", """{"model":"base","prompt":"\ud800"}""", 400 },
        { "chat/completions", """{"model":"base","messages":[]}""", 400 },
        { "chat/completions", """{"model":"base","messages":[1]}""", 400 },
        { "chat/completions", """{"model":"base","messages":[{"role":"king","content":"x"}]}""", 400 },
        { "chat/completions", """{"model":"base","messages":[{"role":"user","content":[{"type":"image_url"}]}]}""", 400 },
        { "chat/completions", """{"model":"base","messages":[{"role":"user","content":"(define (problem p) (:domain none) (:init"}]}""", 400 },
        { "load_lora_adapter", """{"lora_name":"x","lora_path":"relative"}""", 400 },
        { "load_lora_adapter", """{"lora_name":"a b","lora_path":"/"}""", 400 },
        { "load_lora_adapter", """{"lora_name":"x","lora_path":"/"}""", 400 },
        { "nothing", "{}", 404 },
    };

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task A_wrong_request_is_refused_in_the_shape_that_clients_know(string path, string body, int status)
    {
        await using BaseGateway gateway = await BaseGateway.Start();
        using HttpResponseMessage refused = await gateway.Post(path, body);
        await Refused(refused, status);
        using HttpResponseMessage next = await gateway.Post("completions", Good);
        Assert.Equal(HttpStatusCode.OK, next.StatusCode);
    }

    [Fact]
    public async Task Huge_and_deep_bodies_are_refused()
    {
        await using BaseGateway gateway = await BaseGateway.Start();
        using HttpResponseMessage huge = await gateway.Post("completions", $$"""{"model":"base","prompt":"{{new string('x', 1 << 17)}}"}""");
        await Refused(huge, 413);
        using HttpResponseMessage deep = await gateway.Post("completions", new string('[', 20_000));
        await Refused(deep, 400);
    }

    [Fact]
    public async Task A_page_of_another_site_cannot_ask()
    {
        await using BaseGateway gateway = await BaseGateway.Start();
        using var plain = new StringContent(Good);
        using HttpResponseMessage refused = await gateway.Client.PostAsync(new Uri($"{gateway.Url}/completions"), plain);
        await Refused(refused, 415);
        using var renamed = new HttpRequestMessage(HttpMethod.Get, new Uri($"{gateway.Url}/models")) { Headers = { Host = "evil.example" } };
        using HttpResponseMessage rebound = await gateway.Client.SendAsync(renamed);
        Assert.Equal(HttpStatusCode.BadRequest, rebound.StatusCode);
    }

    [Fact]
    public async Task More_answers_than_there_are_places_are_told_to_come_again()
    {
        await using BaseGateway gateway = await BaseGateway.Start(mostAnswers: 2);
        HttpResponseMessage[] crowd = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => gateway.Post("completions", Good.Replace("\"max_tokens\":4", "\"max_tokens\":200,\"n\":2", StringComparison.Ordinal))));
        Assert.Contains(crowd, answer => answer.StatusCode == HttpStatusCode.OK);
        HttpResponseMessage busy = crowd.First(answer => answer.StatusCode != HttpStatusCode.OK);
        Assert.Equal(TimeSpan.FromSeconds(1), busy.Headers.RetryAfter?.Delta);
        await Refused(busy, 429);
        Array.ForEach(crowd, answer => answer.Dispose());
    }

    private static async Task Refused(HttpResponseMessage answer, int status)
    {
        string text = await answer.Content.ReadAsStringAsync();
        Assert.True((int)answer.StatusCode == status, $"{answer.StatusCode}: {text}");
        JsonNode error = JsonNode.Parse(text)!["error"]!;
        Assert.NotEmpty(error["message"]!.GetValue<string>());
        Assert.NotEmpty(error["type"]!.GetValue<string>());
        Assert.True(error.AsObject().ContainsKey("param") && error.AsObject().ContainsKey("code"));
        Assert.DoesNotContain("   at ", text, StringComparison.Ordinal);
    }
}
