using System.ClientModel;
using System.Text;
using OpenAI;
using OpenAI.Chat;
using OpenAI.Models;
using Outerloop.Planning.Domains;
using Outerloop.Planning.Pddl;

namespace Outerloop.Gateway.Tests;

/// <summary>OpenAI's own client, as it comes, against the gateway.</summary>
public sealed class OpenAiClientTests
{
    private const string Question = "<init> on b1 b2 on-table b2 clear b1 arm-empty <goal> on b2 b1 <plan>";

    private static readonly ChatMessage[] Words = [new UserChatMessage(Question)];

    [Fact]
    public async Task Lists_and_shows_the_models()
    {
        await using BaseGateway gateway = await BaseGateway.Start();
        OpenAIModelClient models = Client(gateway).GetOpenAIModelClient();
        OpenAIModel listed = Assert.Single((await models.GetModelsAsync()).Value);
        Assert.Equal("base", listed.Id);
        Assert.Equal("base", (await models.GetModelAsync("base")).Value.Id);
    }

    [Fact]
    public async Task A_seed_gives_the_same_answer_whole_in_a_stream_and_in_company()
    {
        await using BaseGateway gateway = await BaseGateway.Start();
        ChatClient chat = Client(gateway).GetChatClient("base");
        ChatCompletion alone = await chat.CompleteChatAsync(Words, Seeded(5));
        Task<ClientResult<ChatCompletion>>[] crowd = [.. Enumerable.Range(0, 24).Select(seed => chat.CompleteChatAsync(Words, Seeded(seed)))];
        var streamed = new StringBuilder();
        await foreach (StreamingChatCompletionUpdate update in chat.CompleteChatStreamingAsync(Words, Seeded(5)))
            streamed.Append(string.Concat(update.ContentUpdate.Select(part => part.Text)));

        Assert.Equal(ChatFinishReason.Stop, alone.FinishReason);
        Assert.Equal(alone.Content[0].Text, streamed.ToString());
        string[] others = [.. (await Task.WhenAll(crowd)).Select(answer => answer.Value.Content[0].Text)];
        Assert.Equal(alone.Content[0].Text, others[5]);
        Assert.NotEqual(1, others.Distinct().Count());
        Assert.Equal(alone.Usage.OutputTokenCount + alone.Usage.InputTokenCount, alone.Usage.TotalTokenCount);
    }

    [Fact]
    public async Task A_problem_in_pddl_is_put_to_a_small_model_in_its_own_words()
    {
        await using BaseGateway gateway = await BaseGateway.Start();
        PlanningDomain domain = DomainCatalog.Find("blocksworld")!;
        const string Problem = """
            (define (problem two) (:domain blocksworld) (:objects b1 b2)
              (:init (on b1 b2) (on-table b2) (clear b1) (arm-empty)) (:goal (and (on b2 b1))))
            """;
        string domainText = PddlPrinter.Print(domain.Domain);
        ChatClient chat = Client(gateway).GetChatClient("base");
        ChatCompletion inPddl = await chat.CompleteChatAsync([new UserChatMessage($"Solve this.\n{domainText}\n{Problem}")], Greedy());
        ChatCompletion inWords = await chat.CompleteChatAsync(Words, Greedy());
        Assert.Equal(inWords.Content[0].Text, inPddl.Content[0].Text);
    }

    [Fact]
    public async Task An_unknown_model_and_an_unknown_word_are_told_apart()
    {
        await using BaseGateway gateway = await BaseGateway.Start();
        ClientResultException unknown = await Assert.ThrowsAsync<ClientResultException>(() => Client(gateway).GetChatClient("nobody").CompleteChatAsync(Words));
        Assert.Equal(404, unknown.Status);
        Assert.Contains("nobody", unknown.Message, StringComparison.Ordinal);
        ClientResultException word = await Assert.ThrowsAsync<ClientResultException>(() => Client(gateway).GetChatClient("base").CompleteChatAsync([new UserChatMessage("good morning")]));
        Assert.Equal(400, word.Status);
        Assert.Contains("'good'", word.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_goes_away_frees_the_place_of_the_answer()
    {
        await using BaseGateway gateway = await BaseGateway.Start(mostAnswers: 1);
        ChatClient chat = Client(gateway).GetChatClient("base");
        for (int i = 0; i < 5; i++)
        {
            using var gone = new CancellationTokenSource();
            await foreach (StreamingChatCompletionUpdate _ in chat.CompleteChatStreamingAsync(Words, Seeded(i), gone.Token))
            {
                await gone.CancelAsync();
                break;
            }

            while (!(await gateway.Client.GetStringAsync(new Uri(gateway.Url, "/healthz"))).Contains("\"answers\":0", StringComparison.Ordinal))
                await Task.Delay(10);
        }
    }

    private static OpenAIClient Client(BaseGateway gateway) => new(new ApiKeyCredential("none"), new OpenAIClientOptions { Endpoint = gateway.Url });

#pragma warning disable OPENAI001 // Seeds are beta in OpenAI's client.
    private static ChatCompletionOptions Seeded(long seed) => new() { Seed = seed, MaxOutputTokenCount = 64 };
#pragma warning restore OPENAI001

    private static ChatCompletionOptions Greedy() => new() { Temperature = 0, MaxOutputTokenCount = 64 };
}
