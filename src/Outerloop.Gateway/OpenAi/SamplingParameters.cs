using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json;
using Outerloop.Model.Sampling;

namespace Outerloop.Gateway.OpenAi;

/// <summary>How the answers to a request are sampled and told, in both of the API's forms.</summary>
/// <param name="Seeds">One for each of the <c>n</c> answers.</param>
/// <param name="MaxTokens">Null where the request leaves it open.</param>
internal sealed record SamplingParameters(ImmutableArray<ulong> Seeds, double Temperature, TokenFilter Filter, int? MaxTokens, ImmutableArray<string> Stop)
{
    private const int MostChoices = 128, MostStops = 16, LongestStop = 1000;

    /// <summary>Members that would change the answers and are not built; each with the values that ask for nothing.</summary>
    private static readonly ImmutableArray<(string Name, string[] Nothing)> NotBuilt =
    [
        ("tools", ["[]"]), ("functions", ["[]"]), ("response_format", ["{\"type\":\"text\"}"]), ("logit_bias", ["{}"]), ("presence_penalty", ["0", "0.0"]),
        ("frequency_penalty", ["0", "0.0"]), ("repetition_penalty", ["1", "1.0"]), ("top_logprobs", ["0"]), ("best_of", ["1"]), ("echo", ["false"]), ("suffix", ["\"\""]), ("audio", []), ("modalities", ["[\"text\"]"]),
    ];

    /// <summary>Whether the answers come as server-sent events.</summary>
    public bool Stream { get; init; }

    /// <summary>Whether a stream ends with the usage.</summary>
    public bool StreamsUsage { get; init; }

    /// <summary>Whether each token is told with its log-probability.</summary>
    public bool LogProbs { get; init; }

    /// <summary>Whether token ids are told, with their log-probabilities in the distribution that they were drawn from (our extension of vLLM's).</summary>
    public bool TokenIds { get; init; }

    /// <exception cref="ApiException">A member is wrong, or asks for what is not built.</exception>
    public static SamplingParameters Read(RequestBody body, bool logProbs)
    {
        foreach ((string name, string[] nothing) in NotBuilt)
        {
            if (body.Member(name) is { } asked && !nothing.Contains(asked.GetRawText().Replace(" ", "", StringComparison.Ordinal)))
                throw ApiException.Unsupported(name, "not supported by this server");
        }

        return new SamplingParameters(
            ReadSeeds(body),
            body.Real("temperature", 0, 10, otherwise: 1),
            ReadFilter(body),
            body.Whole("max_completion_tokens", 1, int.MaxValue) ?? body.Whole("max_tokens", 1, int.MaxValue),
            ReadStop(body))
        {
            Stream = body.Flag("stream"),
            StreamsUsage = body.Member("stream_options") is { ValueKind: JsonValueKind.Object } options && RequestBody.Member(options, "include_usage") is { ValueKind: JsonValueKind.True },
            LogProbs = logProbs,
            TokenIds = body.Flag("return_token_ids"),
        };
    }

    /// <summary>The seeds of <c>seeds</c>, one for each answer; or the seed for the first answer and its branches for the others.</summary>
    private static ImmutableArray<ulong> ReadSeeds(RequestBody body)
    {
        int? count = body.Whole("n", 1, MostChoices);
        if (body.Member("seeds") is { } listed)
        {
            if (listed.ValueKind != JsonValueKind.Array || listed.GetArrayLength() is < 1 or > MostChoices || (count ?? listed.GetArrayLength()) != listed.GetArrayLength())
                throw ApiException.Wrong("seeds", "must be an array with a whole number for each answer");
            return [.. listed.EnumerateArray().Select(seed => SeedOf(seed, "seeds"))];
        }

        ulong first = body.Member("seed") is { } given ? SeedOf(given, "seed") : BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong)));
        return [first, .. Enumerable.Range(1, (count ?? 1) - 1).Select(i => new Seed(first).Then(i).Value)];
    }

    /// <summary>64 bits, with a sign as OpenAI has it or without.</summary>
    private static ulong SeedOf(JsonElement value, string name) => value.ValueKind != JsonValueKind.Number
        ? throw ApiException.Wrong(name, "must be a whole number")
        : value.TryGetInt64(out long signed) ? (ulong)signed
        : value.TryGetUInt64(out ulong unsigned) ? unsigned
        : throw ApiException.Wrong(name, "must be a whole number of at most 64 bits");

    private static TokenFilter ReadFilter(RequestBody body)
    {
        double topP = body.Real("top_p", 0, 1, otherwise: 1);
        return new TokenFilter
        {
            TopK = Math.Max(0, body.Whole("top_k", -1, int.MaxValue) ?? 0), // vLLM's -1 is all
            TopP = (float)topP > 0 ? (float)topP : throw ApiException.Wrong("top_p", "must be above 0"),
            MinP = (float)body.Real("min_p", 0, 1, otherwise: 0),
        };
    }

    private static ImmutableArray<string> ReadStop(RequestBody body)
    {
        if (body.Member("stop") is not { } stop)
            return [];
        ImmutableArray<JsonElement> listed = stop.ValueKind == JsonValueKind.Array ? [.. stop.EnumerateArray().Take(MostStops + 1)] : [stop];
        ImmutableArray<string> texts = [.. listed.Where(text => text.ValueKind == JsonValueKind.String).Select(text => RequestBody.TextOf(text, "stop"))];
        return texts.Length == listed.Length && texts.Length <= MostStops && texts.All(text => text.Length is > 0 and <= LongestStop)
            ? texts
            : throw ApiException.Wrong("stop", $"must be up to {MostStops} texts, none of them empty or of more than {LongestStop} characters");
    }
}
