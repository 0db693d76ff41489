using System.Collections.Immutable;
using System.Text;
using Outerloop.Gateway.Models;
using Outerloop.Gateway.Tasks;
using Outerloop.Model.Tokenization.Chat;

namespace Outerloop.Gateway.OpenAi;

/// <summary>
/// <c>/v1/chat/completions</c>. A model that holds conversations is given them by its template. One of the small word-level models
/// knows none: it is given the planning task of the last message in its own words, or else the messages' contents, joined, which
/// then must be its own words.
/// </summary>
internal sealed class ChatForm(RecentTasks tasks) : AnswerForm
{
    private const string Assistant = "assistant";

    public override string Path => "chat/completions";

    public override string Operation => "chat";

    public override string IdPrefix => "chatcmpl-";

    public override string Whole => "chat.completion";

    public override string Chunk => "chat.completion.chunk";

    public override SamplingParameters Parameters(RequestBody body) => SamplingParameters.Read(body, body.Flag("logprobs"));

    public override Question Ask(RequestBody body, LiveModel model)
    {
        ImmutableArray<ChatMessage> messages = Conversation.Read(body);
        if (model.Template is { } template)
            return new Question(model.Tokenizer.Encode(template.Render(messages)), TaskInText.FindReadable(messages[^1].Content));
        try
        {
            return tasks.Find(messages[^1].Content) is { } task
                ? new Question(model.PromptOf(task), task)
                : new Question(model.Tokenizer.Encode(string.Join(' ', messages.Select(message => message.Content))), Task: null);
        }
        catch (InputException problem)
        {
            throw ApiException.Wrong($"messages[{messages.Length - 1}].content", $"holds a planning task that cannot be read: {problem.Message}");
        }
    }

    protected override ChoiceBody Said(ChoiceBody choice, string text) => choice with { Message = new MessageBody(Assistant, text) };

    protected override ChoiceBody SaidInPart(ChoiceBody choice, string text, bool first) =>
        choice with { Delta = new MessageBody(first ? Assistant : null, text) };

    protected override object LogProbs(IEnumerable<(string Text, float LogProb)> tokens) =>
        new ChatLogProbs([.. tokens.Select(token => new TokenLogProb(token.Text, token.LogProb, Encoding.UTF8.GetBytes(token.Text)))]);
}
