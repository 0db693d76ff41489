using System.Text.Json;

namespace Outerloop.Policies.Servers;

/// <summary>Tokens as a server counts them, over all answers of a reply; 0 where it does not say.</summary>
public sealed record ServerUsage(int Prompt, int Answers, int Reasoning)
{
    /// <param name="root">A reply, or a chunk of a stream, with a member <c>usage</c> or without.</param>
    /// <exception cref="FormatException">A count is no whole number.</exception>
    public static ServerUsage Of(JsonElement root)
    {
        if (!root.TryGetProperty("usage", out JsonElement usage) || usage.ValueKind != JsonValueKind.Object)
            return new ServerUsage(0, 0, 0);
        int reasoning = usage.TryGetProperty("completion_tokens_details", out JsonElement details) && details.ValueKind == JsonValueKind.Object
            ? Number(details, "reasoning_tokens")
            : 0;
        return new ServerUsage(Number(usage, "prompt_tokens"), Number(usage, "completion_tokens"), reasoning);
    }

    /// <summary>The tokens of each answer, and those of them before its plan.</summary>
    /// <param name="answers">
    /// Each with the tokens that were listed; where none were, it has its share of the count, by its length in characters.
    /// </param>
    public IReadOnlyList<(int Answer, int Reasoning)> Share(IReadOnlyList<(string Text, int Tokens)> answers)
    {
        double characters = Math.Max(1, answers.Sum(answer => (double)answer.Text.Length));
        return
        [
            .. answers.Select(answer =>
            {
                double share = answers.Count == 1 ? 1 : answer.Text.Length / characters;
                int tokens = answer.Tokens > 0 ? answer.Tokens : (int)Math.Round(share * Answers);
                return (tokens, Reasoning > 0 ? (int)Math.Round(share * Reasoning) : Reasoned(answer.Text, tokens));
            }),
        ];
    }

    private static int Number(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Number ? value.GetInt32() : 0;

    /// <summary>The part of the tokens before the end of the reasoning, by characters: an estimate.</summary>
    private static int Reasoned(string text, int tokens)
    {
        int end = text.LastIndexOf("</think>", StringComparison.Ordinal);
        return end < 0 ? 0 : (int)Math.Round((double)tokens * end / text.Length);
    }
}
