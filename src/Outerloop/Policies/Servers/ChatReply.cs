using System.Text.Json;

namespace Outerloop.Policies.Servers;

/// <summary>A 200 that is no answer to what was asked. It says nothing about the model.</summary>
internal sealed class UnusableReplyException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>One of a reply's answers.</summary>
/// <param name="Text">The raw text; reasoning that came in a field of its own stands before it, in <c>&lt;think&gt;</c>.</param>
/// <param name="Tokens">Empty if the server does not say.</param>
/// <param name="LogProbs">Empty if the server does not say.</param>
/// <param name="AnswerTokens">How many; 0 if the server does not say.</param>
internal sealed record ChatChoice(
    string Text, IReadOnlyList<int> Tokens, IReadOnlyList<float> LogProbs, int AnswerTokens, int ReasoningTokens, bool Finished)
{
    /// <summary>After temperature and top-p, from servers that report both kinds.</summary>
    public IReadOnlyList<float> SamplingLogProbs { get; init; } = [];
}

/// <summary>What a server answered to a <see cref="ChatCall"/>, in the order of the wanted answers.</summary>
/// <param name="Id">The answer's own id.</param>
/// <param name="Fingerprint">Of the server and its settings, or of our own gateway's weights; null if it does not say.</param>
internal sealed record ChatReply(IReadOnlyList<ChatChoice> Choices, int PromptTokens, string? Id, string? Fingerprint)
{
    /// <exception cref="UnusableReplyException">The body is no answer to the call.</exception>
    public static ChatReply Read(ReadOnlyMemory<byte> body, ChatCall call, string model)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(body);
            return Read(document.RootElement, call, model);
        }
        catch (Exception problem) when (problem is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new UnusableReplyException($"not an answer in OpenAI's JSON: {problem.Message}", problem);
        }
    }

    private static ChatReply Read(JsonElement root, ChatCall call, string model)
    {
        if (root.TryGetProperty("error", out JsonElement error) && error.ValueKind != JsonValueKind.Null)
            throw new UnusableReplyException($"an error inside a 200: {Shortened(error.GetRawText())}");
        if (root.TryGetProperty("model", out JsonElement named) && named.GetString() is { } answered && !IsModel(answered, model))
            throw new UnusableReplyException($"the answer is by the model '{answered}', not '{model}'");
        JsonElement[] choices = [.. root.GetProperty("choices").EnumerateArray().OrderBy(Index)];
        if (choices.Length != call.Wanted.Count || choices.Select(Index).Distinct().Count() != choices.Length)
            throw new UnusableReplyException($"{choices.Length} answers where {call.Wanted.Count} were asked for");
        var usage = ServerUsage.Of(root);
        ChatChoice[] read = [.. choices.Select(choice => ChoiceReader.Read(choice, call))];
        IEnumerable<ChatChoice> counted = read.Zip(usage.Share([.. read.Select(choice => (choice.Text, choice.AnswerTokens))]), (choice, tokens) => choice with { AnswerTokens = tokens.Answer, ReasoningTokens = tokens.Reasoning });
        return new ChatReply([.. counted], usage.Prompt, TextOf(root, "id"), TextOf(root, "system_fingerprint"));
    }

    private static string? TextOf(JsonElement root, string name) =>
        root.TryGetProperty(name, out JsonElement said) && said.ValueKind == JsonValueKind.String ? said.GetString() : null;

    /// <summary>A dated name answers for its alias: <c>gpt-x-2026-01-31</c> for <c>gpt-x</c>.</summary>
    private static bool IsModel(string answered, string asked) =>
        answered == asked
        || (answered.StartsWith(asked + "-", StringComparison.Ordinal) && answered.Length > asked.Length + 1 && char.IsAsciiDigit(answered[asked.Length + 1]));

    private static int Index(JsonElement choice) => choice.TryGetProperty("index", out JsonElement index) ? index.GetInt32() : 0;

    private static string Shortened(string text) => text.Length > 200 ? text[..200] + "…" : text;
}
