using System.Buffers;
using System.Globalization;
using System.Text.Json;

namespace Outerloop.Policies.Servers;

/// <summary>How a server differs from OpenAI's own.</summary>
internal enum Dialect
{
    OpenAi,

    /// <summary>Token ids and log-probabilities are had for the asking.</summary>
    Vllm,

    /// <summary>Log-probabilities come with token ids.</summary>
    LlamaCpp,

    /// <summary>Our own gateway: as vLLM, each answer by its own seed of 64 bits, and log-probabilities of both kinds.</summary>
    Outerloop,
}

/// <summary>One request: a task's prompt, and as many answers to it as there are <paramref name="Wanted"/>.</summary>
/// <param name="Wanted">Of one task and one temperature.</param>
internal sealed record ChatCall(IReadOnlyList<CompletionRequest> Wanted, string Prompt)
{
    public CompletionRequest First => Wanted[0];

    /// <summary>Longest body of an answer: what so many tokens can say, each with its log-probability, and some room.</summary>
    public long LongestBody => (1L << 20) + (2048L * First.MaxNewTokens * Wanted.Count);

    /// <summary>Longest text in characters: no vocabulary has longer tokens.</summary>
    public long LongestText => 4096 + (256L * First.MaxNewTokens);

    /// <summary>Requests with up to <paramref name="choices"/> answers each; neighbours of one task and one temperature go together.</summary>
    public static IEnumerable<ChatCall> Group(IEnumerable<CompletionRequest> requests, int choices, Func<CompletionRequest, string> prompt)
    {
        var group = new List<CompletionRequest>();
        foreach (CompletionRequest request in requests)
        {
            if (group.Count > 0 && (group.Count == choices || !Alike(group[0], request)))
            {
                yield return new ChatCall([.. group], prompt(group[0]));
                group.Clear();
            }

            group.Add(request);
            if (group.Count == choices)
            {
                yield return new ChatCall([.. group], prompt(group[0]));
                group.Clear();
            }
        }

        if (group.Count > 0)
            yield return new ChatCall([.. group], prompt(group[0]));
    }

    /// <summary>The body of the request. The seed is the first wanted answer's, in the 31 bits that every server takes, or all are sent in full.</summary>
    public byte[] Body(string model, Dialect dialect, bool logProbs)
    {
        var buffer = new ArrayBufferWriter<byte>(Prompt.Length + 512);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("model", model);
            json.WriteStartArray("messages");
            json.WriteStartObject();
            json.WriteString("role", "user");
            json.WriteString("content", Prompt);
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteNumber("temperature", First.Temperature);
            WriteSeeds(json, dialect);
            json.WriteNumber(dialect == Dialect.OpenAi ? "max_completion_tokens" : "max_tokens", First.MaxNewTokens);
            if (Wanted.Count > 1)
                json.WriteNumber("n", Wanted.Count);
            if (logProbs)
                json.WriteBoolean("logprobs", true);
            if (dialect is Dialect.Vllm or Dialect.Outerloop)
                json.WriteBoolean("return_token_ids", true);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private void WriteSeeds(Utf8JsonWriter json, Dialect dialect)
    {
        if (dialect != Dialect.Outerloop)
        {
            json.WriteNumber("seed", (int)(First.Seed.Value & int.MaxValue));
            return;
        }

        json.WriteStartArray("seeds");
        foreach (CompletionRequest wanted in Wanted)
            json.WriteNumberValue(wanted.Seed.Value);
        json.WriteEndArray();
    }

    public override string ToString() =>
        Wanted.Count == 1 ? $"{First.Id}" : string.Create(CultureInfo.InvariantCulture, $"{First.Id} and {Wanted.Count - 1} more of its task");

    private static bool Alike(CompletionRequest one, CompletionRequest other) =>
        one.Task.Id == other.Task.Id && one.Temperature == other.Temperature && one.MaxNewTokens == other.MaxNewTokens;
}
