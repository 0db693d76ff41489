using System.Text;
using System.Text.Json;
using Outerloop.Gateway.Endpoints;
using Outerloop.Gateway.OpenAi;
using Outerloop.Gateway.Tasks;
using Outerloop.Live;

namespace Outerloop.Gateway.Upstreams;

/// <summary>A request to another server of which the answers are kept.</summary>
internal sealed class UpstreamQuestion(RequestBody body, ReplyId id, string? key, UpstreamGeneration? generation, string? owner)
{
    private const string Stream = "stream", StreamOptions = "stream_options", IncludeUsage = "include_usage", LogProbs = "logprobs", TokenIds = "return_token_ids";

    /// <summary>Members by which a client may get something else than what the model wrote.</summary>
    private static readonly string[] Changing = ["stop", "tools", "functions", "response_format", "logit_bias"];

    private readonly LiveTask? _task = TaskOf(body, generation);

    /// <summary>Whether the server's log-probabilities are known to be those from before temperature and top-p, and had for the asking.</summary>
    private bool TellsLogProbs => owner is "vllm" or "llamacpp" or "outerloop";

    /// <summary>Whether the server is asked for the usage of a stream whose client does not want to be told of it.</summary>
    public bool AddsUsage { get; } = body.Member(Stream) is { ValueKind: JsonValueKind.True }
        && body.Member(StreamOptions) is null or { ValueKind: JsonValueKind.Object }
        && !(body.Member(StreamOptions) is { } options && RequestBody.Member(options, IncludeUsage) is { ValueKind: JsonValueKind.True });

    /// <summary>
    /// What is sent on: the server is asked for what the record wants besides, token ids and log-probabilities of a trace where it
    /// gives them, and the usage of a stream.
    /// </summary>
    public ReadOnlyMemory<byte> Bytes
    {
        get
        {
            ReadOnlyMemory<byte> bytes = body.Bytes;
            if (_task is not null && TellsLogProbs)
                bytes = new[] { LogProbs, owner == "llamacpp" ? null : TokenIds }.OfType<string>().Where(name => body.Member(name) is null).Aggregate(bytes, (json, name) => JsonSplice.With(json, name, "true"));
            return AddsUsage ? JsonSplice.With(bytes, StreamOptions, WithUsage(body.Member(StreamOptions))) : bytes;
        }
    }

    /// <summary>What is kept of the answers, once they are whole.</summary>
    public IReadOnlyList<LiveAnswer> Record(UpstreamAnswers answers)
    {
        (int Choice, UpstreamAnswer Answer)[] all = [.. answers.All];
        IReadOnlyList<(int Answer, int Reasoning)> tokens = answers.Usage.Share([.. all.Select(one => (one.Answer.Text, one.Answer.Tokens.Count))]);
        return [.. all.Select((one, i) => Record(one, answers.Usage.Prompt, tokens[i]))];
    }

    private LiveAnswer Record((int Choice, UpstreamAnswer Answer) one, int promptTokens, (int Answer, int Reasoning) tokens) => new()
    {
        Id = new AnswerId(id.Text, one.Choice),
        Time = id.Time,
        Model = body.Text("model"),
        Weights = generation?.Weights ?? $"openai:{body.Text("model")}",
        Temperature = body.Member("temperature") is { ValueKind: JsonValueKind.Number } given ? given.GetDouble() : 1,
        Finish = one.Answer.Finish ?? "stop",
        Prompt = [],
        Question = (body.Member("messages") ?? body.Member("prompt"))?.GetRawText(),
        Text = one.Answer.Text,
        Tokens = one.Answer.Tokens,
        LogProbs = Of(one.Answer, one.Answer.LogProbs),
        SamplingLogProbs = Of(one.Answer, one.Answer.SamplingLogProbs),
        Key = key,
        PromptTokens = promptTokens,
        AnswerTokens = tokens.Answer,
        ReasoningTokens = tokens.Reasoning,
        Task = one.Answer.Finish is "stop" or "length" ? _task : null,
    };

    private static string WithUsage(JsonElement? options)
    {
        byte[] given = Encoding.UTF8.GetBytes(options?.GetRawText() ?? "{}");
        return Encoding.UTF8.GetString(JsonSplice.With(given, IncludeUsage, "true").Span);
    }

    /// <summary>One for each token, or none: nothing is guessed.</summary>
    private List<float> Of(UpstreamAnswer answer, List<float> logProbs) =>
        TellsLogProbs && (answer.Tokens.Count == 0 || logProbs.Count == answer.Tokens.Count) ? logProbs : [];

    private static LiveTask? TaskOf(RequestBody body, UpstreamGeneration? generation)
    {
        if (generation is null || Changing.Any(name => body.Member(name) is not null) || LastMessage(body) is not { } text || TaskInText.FindReadable(text) is not { } task)
            return null;
        string domain = task.Domain.Name;
        return generation.Domain is null || generation.Domain == domain ? new LiveTask(domain, generation.Number, task.Problem) : null;
    }

    private static string? LastMessage(RequestBody body)
    {
        try
        {
            return Conversation.Read(body)[^1].Content;
        }
        catch (ApiException)
        {
            return null; // a completion, or pictures: no task that could be read here
        }
    }
}
