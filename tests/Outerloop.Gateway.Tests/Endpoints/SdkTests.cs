using System.ClientModel;
using System.ClientModel.Primitives;
using OpenAI;
using OpenAI.Chat;
using OpenAI.Models;
using Outerloop.Gateway.Tests.Support;

namespace Outerloop.Gateway.Tests.Endpoints;

/// <summary>The gateway as OpenAI's own client sees it.</summary>
public sealed class SdkTests : IAsyncLifetime
{
    private BaseGateway _gateway = null!;

    public async Task InitializeAsync() => _gateway = await BaseGateway.Start(mostAnswers: 8, loadsModels: true);

    public async Task DisposeAsync() => await _gateway.DisposeAsync();

    [Fact]
    public async Task A_chat_is_answered_with_text_usage_and_log_probabilities()
    {
        ChatCompletion answer = await Chat().CompleteChatAsync([BaseGateway.Words], Options(logProbs: true));

        Assert.StartsWith("unstack b1 b2", answer.Content[0].Text, StringComparison.Ordinal);
        Assert.Equal(ChatFinishReason.Stop, answer.FinishReason);
        Assert.Equal(BaseGateway.Model, answer.Model);
        Assert.Equal(BaseGateway.Words.Split(' ').Length, answer.Usage.InputTokenCount);
        Assert.Equal(answer.ContentTokenLogProbabilities.Count, answer.Usage.OutputTokenCount);
        Assert.All(answer.ContentTokenLogProbabilities, token => Assert.True(token.LogProbability <= 0));
    }

    [Fact]
    public async Task A_stream_has_the_same_text_as_the_whole_answer()
    {
        ChatCompletion whole = await Chat().CompleteChatAsync([BaseGateway.Words], Options());
        var text = new List<string>();
        ChatFinishReason? finish = null;
        ChatTokenUsage? usage = null;
        await foreach (StreamingChatCompletionUpdate update in Chat().CompleteChatStreamingAsync([BaseGateway.Words], Options()))
        {
            text.AddRange(update.ContentUpdate.Select(part => part.Text));
            finish ??= update.FinishReason;
            usage ??= update.Usage;
        }

        Assert.NotEmpty(text);
        Assert.Equal(whole.Content[0].Text, string.Concat(text));
        Assert.Equal(ChatFinishReason.Stop, finish);
        Assert.Equal(whole.Usage.OutputTokenCount, usage!.OutputTokenCount);
    }

    [Fact]
    public async Task A_stop_text_ends_the_answer_before_it()
    {
        ChatCompletionOptions options = Options();
        options.StopSequences.Add("putdown");

        ChatCompletion answer = await Chat().CompleteChatAsync([BaseGateway.Words], options);

        Assert.Equal("unstack b1 b2 ", answer.Content[0].Text);
        Assert.Equal(ChatFinishReason.Stop, answer.FinishReason);
    }

    [Fact]
    public async Task Models_are_listed_and_one_that_is_loaded_joins_them()
    {
        Assert.Equal(["base"], await Models());

        GatewayReply loaded = await _gateway.Post("/v1/load_lora_adapter", Loading("blocksworld-gen-1-0123", BaseGateway.Folder));

        Assert.Equal(200, loaded.Status);
        Assert.Equal(["base", "blocksworld-gen-1-0123"], await Models());
        ChatCompletion answer = await Chat("blocksworld-gen-1-0123").CompleteChatAsync([BaseGateway.Words], Options());
        Assert.Equal("blocksworld-gen-1-0123", answer.Model);
    }

    [Fact]
    public async Task A_name_never_changes_its_meaning()
    {
        using var folder = new Outerloop.Tests.Support.TemporaryFolder();

        GatewayReply again = await _gateway.Post("/v1/load_lora_adapter", Loading("base", BaseGateway.Folder));
        GatewayReply other = await _gateway.Post("/v1/load_lora_adapter", Loading("base", folder.Path));
        GatewayReply empty = await _gateway.Post("/v1/load_lora_adapter", Loading("new", folder.Path));

        Assert.Equal((200, 400, 400), (again.Status, other.Status, empty.Status));
        Assert.Equal("lora_name", other.Body!["error"]!["param"]!.GetValue<string>());
        Assert.Equal("lora_path", empty.Body!["error"]!["param"]!.GetValue<string>());
        Assert.Equal(["base"], await Models());
    }

    [Fact]
    public async Task An_unknown_model_is_not_found()
    {
        ClientResultException refused = await Assert.ThrowsAsync<ClientResultException>(() => Chat("nobody").CompleteChatAsync([BaseGateway.Words], Options()));

        Assert.Equal(404, refused.Status);
        Assert.Contains("model_not_found", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_that_leaves_frees_its_places()
    {
        using var leaving = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (StreamingChatCompletionUpdate update in Chat().CompleteChatStreamingAsync([BaseGateway.Words], Options(), leaving.Token))
                await leaving.CancelAsync();
        });

        while (await _gateway.UnderWay() > 0)
            await Task.Delay(10);
        ChatCompletion answer = await Chat().CompleteChatAsync([BaseGateway.Words], Options());
        Assert.NotEmpty(answer.Content[0].Text);
    }

    private static ChatCompletionOptions Options(bool logProbs = false) => new()
    {
        Temperature = 0,
        MaxOutputTokenCount = 100,
        IncludeLogProbabilities = logProbs,
    };

    private static string Loading(string name, string folder) =>
        System.Text.Json.JsonSerializer.Serialize(new { lora_name = name, lora_path = folder });

    private ChatClient Chat(string model = BaseGateway.Model) => new(model, new ApiKeyCredential("none"), ClientOptions());

    private async Task<IEnumerable<string>> Models()
    {
        OpenAIModelCollection models = await new OpenAIModelClient(new ApiKeyCredential("none"), ClientOptions()).GetModelsAsync();
        return models.Select(model => model.Id);
    }

    private OpenAIClientOptions ClientOptions() => new() { Endpoint = _gateway.Url, RetryPolicy = new ClientRetryPolicy(maxRetries: 0) };
}
