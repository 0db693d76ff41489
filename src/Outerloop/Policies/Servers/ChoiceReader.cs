using System.Text.Json;

namespace Outerloop.Policies.Servers;

/// <summary>Reads one entry of <c>choices</c>.</summary>
internal static class ChoiceReader
{
    /// <exception cref="UnusableReplyException">It is none that a model can have written under the call's limits.</exception>
    public static ChatChoice Read(JsonElement choice, ChatCall call)
    {
        bool finished = Finished(choice);
        JsonElement message = choice.GetProperty("message");
        string text = Text(message);
        if (text.Length > call.LongestText)
            throw new UnusableReplyException($"a text of {text.Length} characters, more than {call.First.MaxNewTokens} tokens can say");
        JsonElement[] listed = Listed(choice);
        int[] tokens = Tokens(choice, listed);
        float[] logProbs = [.. listed.Select(token => token.GetProperty("logprob").GetSingle())];
        if (tokens.Length > 0 && logProbs.Length > 0 && tokens.Length != logProbs.Length)
            throw new UnusableReplyException($"{tokens.Length} tokens with {logProbs.Length} log-probabilities");
        return new ChatChoice(text, tokens, logProbs, Math.Max(tokens.Length, logProbs.Length), 0, finished) { SamplingLogProbs = Sampling(choice, tokens.Length) };
    }

    private static bool Finished(JsonElement choice)
    {
        string? reason = choice.TryGetProperty("finish_reason", out JsonElement value) ? value.GetString() : null;
        return reason switch
        {
            "stop" => true,
            "length" => false,
            _ => throw new UnusableReplyException($"the answer ended by '{reason ?? "nothing"}', not by itself nor by its length"),
        };
    }

    /// <summary>Our gateway lists them beside the token ids.</summary>
    private static float[] Sampling(JsonElement choice, int tokens)
    {
        if (!choice.TryGetProperty("sampling_logprobs", out JsonElement listed) || listed.ValueKind != JsonValueKind.Array)
            return [];
        float[] read = [.. listed.EnumerateArray().Select(value => value.GetSingle())];
        return read.Length == tokens
            ? read
            : throw new UnusableReplyException($"{tokens} tokens with {read.Length} log-probabilities of the sampling");
    }

    /// <summary>Reasoning stands in a field whose name depends on the server, or in the content.</summary>
    private static string Text(JsonElement message)
    {
        string content = Field(message, "content");
        string reasoning = Field(message, "reasoning") is { Length: > 0 } text ? text : Field(message, "reasoning_content");
        return reasoning.Length == 0 ? content : $"<think>\n{reasoning}\n</think>\n\n{content}";
    }

    private static string Field(JsonElement message, string name) =>
        message.TryGetProperty(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null ? value.GetString()! : "";

    private static JsonElement[] Listed(JsonElement choice) =>
        choice.TryGetProperty("logprobs", out JsonElement logProbs) && logProbs.ValueKind == JsonValueKind.Object
        && logProbs.TryGetProperty("content", out JsonElement content) && content.ValueKind == JsonValueKind.Array
            ? [.. content.EnumerateArray()]
            : [];

    /// <summary>vLLM lists ids beside the message, llama.cpp with the log-probabilities.</summary>
    private static int[] Tokens(JsonElement choice, JsonElement[] listed)
    {
        if (choice.TryGetProperty("token_ids", out JsonElement ids) && ids.ValueKind == JsonValueKind.Array)
            return [.. ids.EnumerateArray().Select(id => id.GetInt32())];
        return listed.Length > 0 && listed.All(token => token.TryGetProperty("id", out JsonElement id) && id.ValueKind == JsonValueKind.Number)
            ? [.. listed.Select(token => token.GetProperty("id").GetInt32())]
            : [];
    }
}
