using System.Text.Json.Nodes;
using Outerloop.Gateway.Tests.Support;
using Outerloop.Planning.Domains;
using Outerloop.Planning.Pddl;
using Outerloop.Prompting;

namespace Outerloop.Gateway.Tests.Endpoints;

public sealed class CompletionTests : IAsyncLifetime
{
    private const int Places = 16;

    private BaseGateway _gateway = null!;

    public async Task InitializeAsync() => _gateway = await BaseGateway.Start(Places);

    public async Task DisposeAsync() => await _gateway.DisposeAsync();

    [Fact]
    public async Task The_same_seed_gives_the_same_answer_whatever_else_runs()
    {
        string alone = await Text(Asking(seed: 7));

        string[] together = await Task.WhenAll(Enumerable.Range(0, Places).Select(i => Text(Asking(i % 2 == 0 ? 7 : 100 + i))));

        Assert.All(together.Where((_, i) => i % 2 == 0), text => Assert.Equal(alone, text));
        Assert.True(together.Distinct().Count() > 4);
    }

    [Fact]
    public async Task Answers_with_seeds_of_their_own_are_those_of_single_requests()
    {
        JsonObject body = Asking(seed: 0);
        body.Remove("seed");
        body["seeds"] = new JsonArray(11, 12, ulong.MaxValue);

        JsonArray choices = (await Post(body)).Body!["choices"]!.AsArray();

        Assert.Equal([await Text(Asking(11)), await Text(Asking(12)), await Text(Asking(-1))], choices.Select(choice => choice!["text"]!.GetValue<string>()));
    }

    [Fact]
    public async Task Answers_of_one_request_differ_and_are_repeated()
    {
        JsonObject body = Asking(seed: 5);
        body["n"] = 6;

        string first = (await Post(body)).Body!["choices"]!.ToJsonString(), second = (await Post(body)).Body!["choices"]!.ToJsonString();

        Assert.Equal(first, second);
        Assert.True(JsonNode.Parse(first)!.AsArray().Select(choice => choice!["text"]!.GetValue<string>()).Distinct().Count() > 1);
    }

    [Fact]
    public async Task A_stream_of_several_answers_has_the_texts_of_the_whole_reply()
    {
        JsonObject body = Asking(seed: 5);
        body["n"] = 4;
        IEnumerable<string> whole = (await Post(body)).Body!["choices"]!.AsArray().Select(choice => choice!["text"]!.GetValue<string>());
        body["stream"] = true;

        string[] events = (await Post(body)).Text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal("data: [DONE]", events[^1]);
        IEnumerable<JsonNode> pieces = events[..^1].Select(line => JsonNode.Parse(line["data: ".Length..])!["choices"]![0]!);
        Assert.Equal(
            whole,
            pieces.GroupBy(piece => piece["index"]!.GetValue<int>()).OrderBy(answer => answer.Key).Select(answer => string.Concat(answer.Select(piece => piece["text"]!.GetValue<string>()))));
    }

    [Fact]
    public async Task More_answers_than_there_are_places_are_asked_to_come_again()
    {
        JsonObject body = Asking(seed: 1);
        body["n"] = Places;
        GatewayReply? refused = null;
        while (refused is null)
        {
            GatewayReply[] replies = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Post(body)));
            Assert.Contains(replies, reply => reply.Status == 200);
            refused = replies.FirstOrDefault(reply => reply.Status != 200);
        }

        Assert.Equal(429, refused.Status);
        Assert.True(refused.RetryAfter > TimeSpan.Zero);
        Assert.Equal("rate_limit_error", refused.Body!["error"]!["type"]!.GetValue<string>());
        Assert.Equal(200, (await Post(body)).Status);
    }

    [Fact]
    public async Task A_chat_with_a_task_in_PDDL_is_the_prompt_in_the_models_words()
    {
        PlanningDomain domain = DomainCatalog.Find("blocksworld")!;
        const string Pddl = "(define (problem p) (:domain blocksworld) (:objects b1 b2) (:init (arm-empty) (on b1 b2) (clear b1) (on-table b2)) (:goal (on b2 b1)))";
        string words = new WordFormat(domain).Prompt(PddlReader.ReadProblem(new SourceText("p", Pddl), domain.Domain).Required());
        string question = $"Here is the domain:\n{PddlPrinter.Print(domain.Domain)}\nand the problem:\n{Pddl}\nWhat now?";

        JsonNode inPddl = (await Chat(question)).Body!, inWords = (await Chat(words)).Body!;

        Assert.StartsWith("unstack b1 b2", inPddl["choices"]![0]!["message"]!["content"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal(inWords["choices"]!.ToJsonString(), inPddl["choices"]!.ToJsonString());
        Assert.Equal(inWords["usage"]!.ToJsonString(), inPddl["usage"]!.ToJsonString());
    }

    private static JsonObject Asking(long seed) => new()
    {
        ["model"] = BaseGateway.Model,
        ["prompt"] = BaseGateway.Words,
        ["seed"] = seed,
        ["temperature"] = 3,
        ["max_tokens"] = 100,
    };

    private Task<GatewayReply> Post(JsonObject body) => _gateway.Post("/v1/completions", body.ToJsonString());

    private Task<GatewayReply> Chat(string content) => _gateway.Post("/v1/chat/completions", new JsonObject
    {
        ["model"] = BaseGateway.Model,
        ["temperature"] = 0,
        ["messages"] = new JsonArray(new JsonObject { ["role"] = "user", ["content"] = content }),
    }.ToJsonString());

    private async Task<string> Text(JsonObject body) => (await Post(body)).Body!["choices"]![0]!["text"]!.GetValue<string>();
}
