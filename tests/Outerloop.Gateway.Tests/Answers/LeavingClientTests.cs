using System.ClientModel;
using OpenAI;
using OpenAI.Chat;
using Outerloop.Gateway.Tests.Support;
using Outerloop.Model.Sampling;

namespace Outerloop.Gateway.Tests.Answers;

/// <summary>
/// Clients that leave answers which would never end. As many are under way as a model's workers have places for, so that another
/// answer comes only if leaving frees them.
/// </summary>
public sealed class LeavingClientTests : IAsyncLifetime, IDisposable
{
    private static readonly int Places = BaseGateway.Threads * new SamplerOptions().BatchSize;

    private readonly EndlessModel _endless = new();
    private BaseGateway _gateway = null!;

    public async Task InitializeAsync() => _gateway = await BaseGateway.Start(mostAnswers: Places, others: _endless);

    public async Task DisposeAsync() => await _gateway.DisposeAsync();

    public void Dispose() => _endless.Dispose();

    [Fact]
    public async Task Leaving_streams_frees_their_places()
    {
        IAsyncEnumerator<StreamingChatCompletionUpdate>[] streams =
            [.. Enumerable.Range(0, Places).Select(_ => Chat().CompleteChatStreamingAsync([EndlessModel.Words], Greedy()).GetAsyncEnumerator())];
        foreach (IAsyncEnumerator<StreamingChatCompletionUpdate> stream in streams)
            Assert.True(await stream.MoveNextAsync());
        Assert.Equal(429, (await _gateway.Post("/v1/completions", "{\"model\":\"base\",\"prompt\":\"clear\"}")).Status);
        foreach (IAsyncEnumerator<StreamingChatCompletionUpdate> stream in streams)
            await stream.DisposeAsync();
        await AnotherIsAnswered();
    }

    [Fact]
    public async Task Giving_up_waiting_for_whole_answers_frees_their_places()
    {
        using var left = new CancellationTokenSource();
        Task<ClientResult<ChatCompletion>>[] waiting =
            [.. Enumerable.Range(0, Places).Select(_ => Chat().CompleteChatAsync([EndlessModel.Words], Greedy(), left.Token))];
        while (await _gateway.UnderWay() < Places)
            await Task.Delay(5);
        await left.CancelAsync();
        foreach (Task<ClientResult<ChatCompletion>> one in waiting)
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => one);
        await AnotherIsAnswered();
    }

    private async Task AnotherIsAnswered()
    {
        while (await _gateway.UnderWay() > 0)
            await Task.Delay(5);
        ChatCompletionOptions three = Greedy();
        three.MaxOutputTokenCount = 3;
        ChatCompletion answer = await Chat().CompleteChatAsync([EndlessModel.Words], three);
        Assert.Equal(3, answer.Usage.OutputTokenCount);
    }

    private ChatClient Chat() => new(EndlessModel.Name, new ApiKeyCredential("none"), new OpenAIClientOptions { Endpoint = _gateway.Url });

    private static ChatCompletionOptions Greedy() => new() { Temperature = 0 };
}
