using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Outerloop.Gateway.OpenAi;

/// <summary>What OpenAI's API says, as records: snake case, absent rather than null but for members that clients look for.</summary>
internal static class Wire
{
    public static JsonSerializerOptions Json { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // no answer of the API is a page
    };
}

internal sealed record ErrorBody(ErrorDetail Error);

internal sealed record ErrorDetail(
    string Message,
    string Type,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Param,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Code);

/// <param name="Data">Each a <see cref="ModelBody"/>, or what another server says of its own.</param>
internal sealed record ModelList(IReadOnlyList<object> Data)
{
    public string Object { get; } = "list";
}

/// <param name="Root">Of an alias, the immutable name that it stands for now.</param>
/// <param name="Weights">SHA-256 of the weights, where it is known before the model is opened.</param>
internal sealed record ModelBody(string Id, long Created, string? Root, string? Weights)
{
    public string Object { get; } = "model";

    public string OwnedBy { get; } = "outerloop";
}

/// <summary>An answer, or a chunk of a stream.</summary>
/// <param name="SystemFingerprint">SHA-256 of the weights that answer.</param>
internal sealed record ReplyBody(
    string Id, string Object, long Created, string Model, string SystemFingerprint, IReadOnlyList<ChoiceBody> Choices, UsageBody? Usage = null);

internal sealed record ChoiceBody(int Index, [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? FinishReason)
{
    /// <summary>Of a chat's answer.</summary>
    public MessageBody? Message { get; init; }

    /// <summary>Of a chunk of a chat's stream.</summary>
    public MessageBody? Delta { get; init; }

    /// <summary>Of a plain completion.</summary>
    public string? Text { get; init; }

    /// <summary>A <see cref="ChatLogProbs"/> or a <see cref="TextLogProbs"/>.</summary>
    public object? Logprobs { get; init; }

    public IReadOnlyList<int>? TokenIds { get; init; }

    public IReadOnlyList<float>? SamplingLogprobs { get; init; }
}

internal sealed record MessageBody(string? Role, string? Content);

internal sealed record ChatLogProbs(IReadOnlyList<TokenLogProb> Content);

internal sealed record TokenLogProb(string Token, float Logprob, IReadOnlyList<byte> Bytes)
{
    /// <summary>Alternatives are not kept.</summary>
    public IReadOnlyList<TokenLogProb> TopLogprobs { get; } = [];
}

internal sealed record TextLogProbs(IReadOnlyList<string> Tokens, IReadOnlyList<float> TokenLogprobs);

internal sealed record UsageBody(int PromptTokens, int CompletionTokens)
{
    public int TotalTokens => PromptTokens + CompletionTokens;
}
