using System.Text;

namespace Outerloop.Model.Tokenization.Chat;

/// <summary>
/// Conversations as the text that a model continues. Templates are programs (Jinja) in <c>tokenizer_config.json</c>; here
/// Qwen3's is built in, and every other that uses ChatML's turns is approximated by plain ChatML:
/// <c>&lt;|im_start|&gt;role\n…&lt;|im_end|&gt;\n</c> for each message. A message's content is not escaped: a spelling of
/// <c>&lt;|im_end|&gt;</c> in it ends the turn, as it does in the templates.
/// </summary>
public sealed class ChatTemplate
{
    /// <summary>The token that ends a turn, and so an answer.</summary>
    public const string EndOfTurn = "<|im_end|>";

    private const string StartOfTurn = "<|im_start|>";
    private const string StartOfReasoning = "<think>";
    private const string EndOfReasoning = "</think>";

    /// <summary>Names of Qwen3's template for what no other has together.</summary>
    private static readonly string[] MarksOfQwen3 = [StartOfTurn, "enable_thinking", "reasoning_content", "last_query_index"];

    private ChatTemplate(bool thinks) => Thinks = thinks;

    /// <summary>
    /// The template that came with Qwen3's first models, which think or not as they are told. Reasoning before the last
    /// question is dropped from the conversation; an answer after it keeps its own.
    /// </summary>
    public static ChatTemplate Qwen3 { get; } = new(thinks: true);

    /// <summary>Turns and nothing else; knows no reasoning.</summary>
    public static ChatTemplate ChatMl { get; } = new(thinks: false);

    /// <summary>Whether the model's turns have a block of reasoning.</summary>
    public bool Thinks { get; }

    /// <summary>The template for a model's conversations.</summary>
    /// <param name="tokenizer">The model's tokenizer, with the template that came with it.</param>
    /// <param name="notice">For the user, where the template is not the model's own; null where it is.</param>
    /// <returns>Null where the tokenizer lacks the tokens of ChatML; then the notice says so.</returns>
    public static ChatTemplate? Of(ITokenizer tokenizer, out string? notice)
    {
        if (!tokenizer.TryTokenId(StartOfTurn, out _) || !tokenizer.TryTokenId(EndOfTurn, out _))
        {
            notice = $"the tokenizer has no {StartOfTurn} and {EndOfTurn}: the model is not made for conversations of this form";
            return null;
        }

        if (tokenizer.ChatTemplate is { } template && MarksOfQwen3.All(mark => template.Contains(mark, StringComparison.Ordinal)))
        {
            notice = null;
            return Qwen3;
        }

        notice = tokenizer.ChatTemplate is null
            ? "the model has no chat template: conversations are written as plain ChatML"
            : "the model's chat template is not Qwen3's: conversations are written as plain ChatML, without what else the template adds";
        return ChatMl;
    }

    /// <param name="messages">In order.</param>
    /// <param name="addGenerationPrompt">Whether the model's next turn is begun.</param>
    /// <param name="enableThinking">Whether the model is free to think; otherwise its turn begins with an empty thought.</param>
    public string Render(IReadOnlyList<ChatMessage> messages, bool addGenerationPrompt = true, bool enableThinking = true)
    {
        var text = new StringBuilder();
        int lastQuestion = LastQuestion(messages);
        for (int i = 0; i < messages.Count; i++)
        {
            ChatMessage message = messages[i];
            string content = message.Role == ChatRole.Assistant && Thinks
                ? Answer(message, afterQuestion: i > lastQuestion, last: i == messages.Count - 1)
                : message.Content;
            text.Append(Begin(message.Role)).Append(content).Append(EndOfTurn).Append('\n');
        }

        if (addGenerationPrompt)
            text.Append(Begin(ChatRole.Assistant)).Append(Thinks && !enableThinking ? Thought("") : "");
        return text.ToString();
    }

    /// <summary>A user's message that is the answer of a tool is no question.</summary>
    private static int LastQuestion(IReadOnlyList<ChatMessage> messages)
    {
        for (int i = messages.Count - 1; i >= 0; i--)
        {
            if (messages[i] is { Role: ChatRole.User, Content: var content } && !(
                content.StartsWith("<tool_response>", StringComparison.Ordinal) && content.EndsWith("</tool_response>", StringComparison.Ordinal)))
            {
                return i;
            }
        }

        return messages.Count - 1;
    }

    private static string Answer(ChatMessage message, bool afterQuestion, bool last)
    {
        (string reasoning, string content) = message.Reasoning is { } known ? (known, message.Content) : Separate(message.Content);
        return afterQuestion && (last || reasoning.Length > 0) ? Thought(reasoning.Trim('\n')) + content.TrimStart('\n') : content;
    }

    /// <summary>Reasoning lies between the last <c>&lt;think&gt;</c> before the first <c>&lt;/think&gt;</c>, content after the last.</summary>
    private static (string Reasoning, string Content) Separate(string text)
    {
        int end = text.IndexOf(EndOfReasoning, StringComparison.Ordinal);
        if (end < 0)
            return ("", text);
        string content = text[(text.LastIndexOf(EndOfReasoning, StringComparison.Ordinal) + EndOfReasoning.Length)..].TrimStart('\n');
        string before = text[..end].TrimEnd('\n');
        int start = before.LastIndexOf(StartOfReasoning, StringComparison.Ordinal);
        return (before[(start < 0 ? 0 : start + StartOfReasoning.Length)..].TrimStart('\n'), content);
    }

    private static string Thought(string reasoning) => $"{StartOfReasoning}\n{reasoning}\n{EndOfReasoning}\n\n";

    private static string Begin(ChatRole role) => role switch
    {
        ChatRole.System => $"{StartOfTurn}system\n",
        ChatRole.User => $"{StartOfTurn}user\n",
        ChatRole.Assistant => $"{StartOfTurn}assistant\n",
        _ => throw new ArgumentOutOfRangeException(nameof(role), role, "no such role"),
    };
}
