using System.Text;
using System.Text.Json;

namespace Outerloop.Gateway.Upstreams;

/// <summary>One of the answers in a reply of another server, whole or as its stream grows: what a trace needs of it, as far as it is there.</summary>
internal sealed class UpstreamAnswer
{
    private readonly StringBuilder _content = new(), _reasoning = new();

    /// <summary>Null while it grows.</summary>
    public string? Finish { get; private set; }

    /// <summary>Reasoning that came in a field of its own stands before the content, as models write it.</summary>
    public string Text => _reasoning.Length == 0 ? _content.ToString() : $"<think>\n{_reasoning}\n</think>\n\n{_content}";

    public List<int> Tokens { get; } = [];

    public List<float> LogProbs { get; } = [];

    /// <summary>From our own gateway, which tells both kinds.</summary>
    public List<float> SamplingLogProbs { get; } = [];

    /// <param name="choice">An element of <c>choices</c>, of a reply or a chunk.</param>
    /// <exception cref="InvalidOperationException">A member is of another type than OpenAI's.</exception>
    /// <exception cref="FormatException">A number is none of its kind.</exception>
    public void Add(JsonElement choice)
    {
        JsonElement said = Object(choice, "message") ?? Object(choice, "delta") ?? choice;
        _content.Append(Member(said, "content") ?? Member(said, "text"));
        _reasoning.Append(Member(said, "reasoning") is { Length: > 0 } reasoning ? reasoning : Member(said, "reasoning_content"));
        Finish = Member(choice, "finish_reason") ?? Finish;
        JsonElement[] listed = Object(choice, "logprobs") is { } logProbs ? [.. Elements(logProbs, "content")] : [];
        LogProbs.AddRange(listed.Select(token => Finite(token.GetProperty("logprob"))));
        int[] ids = [.. Elements(choice, "token_ids").Select(id => id.GetInt32())];
        Tokens.AddRange(ids.Length > 0 ? ids : listed.Where(token => token.TryGetProperty("id", out _)).Select(token => token.GetProperty("id").GetInt32()));
        SamplingLogProbs.AddRange(Elements(choice, "sampling_logprobs").Select(Finite));
    }

    /// <summary>What is too large for a number cannot be told again as JSON.</summary>
    private static float Finite(JsonElement value) => value.GetSingle() is var number && float.IsFinite(number) ? number : throw new FormatException();

    private static string? Member(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null ? value.GetString() : null;

    private static JsonElement? Object(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Object ? value : null;

    private static IEnumerable<JsonElement> Elements(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Array ? value.EnumerateArray() : [];
}
