using System.Collections.Immutable;
using System.Text;
using Outerloop.Gateway.Models;
using Outerloop.Gateway.Tasks;
using Outerloop.Model.Tokenization.Chat;
using Outerloop.Prompting;

namespace Outerloop.Gateway.OpenAi;

/// <summary>
/// <c>/v1/chat/completions</c>. A model that holds conversations is given them by its template. One of the small word-level models
/// knows none: it is given the planning task of the last message in its own words, or else the messages' contents, joined, which
/// then must be its own words.
/// </summary>
internal sealed class ChatForm : AnswerForm
{
    private const string Assistant = "assistant";

    public override string IdPrefix => "chatcmpl-";

    public override string Whole => "chat.completion";

    public override string Chunk => "chat.completion.chunk";

    public override SamplingParameters Parameters(RequestBody body) => SamplingParameters.Read(body, body.Flag("logprobs"));

    public override int[] Prompt(RequestBody body, LiveModel model)
    {
        ImmutableArray<ChatMessage> messages = Conversation.Read(body);
        return model.Tokenizer.Encode(model.Template?.Render(messages) ?? InWords(messages, model));
    }

    protected override ChoiceBody Said(ChoiceBody choice, string text) => choice with { Message = new MessageBody(Assistant, text) };

    protected override ChoiceBody SaidInPart(ChoiceBody choice, string text, bool first) =>
        choice with { Delta = new MessageBody(first ? Assistant : null, text) };

    protected override object LogProbs(IEnumerable<(string Text, float LogProb)> tokens) =>
        new ChatLogProbs([.. tokens.Select(token => new TokenLogProb(token.Text, token.LogProb, Encoding.UTF8.GetBytes(token.Text)))]);

    private static string InWords(ImmutableArray<ChatMessage> messages, LiveModel model)
    {
        try
        {
            return TaskInText.Find(messages[^1].Content) is { } task
                ? PromptFormats.Of(model.Tokenizer, task.Domain).Prompt(task.Problem)
                : string.Join(' ', messages.Select(message => message.Content));
        }
        catch (InputException problem)
        {
            throw ApiException.Wrong($"messages[{messages.Length - 1}].content", $"holds a planning task that cannot be read: {problem.Message}");
        }
    }
}
