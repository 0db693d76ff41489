using System.Text.Json;
using Outerloop.Gateway.Endpoints;
using Outerloop.Gateway.OpenAi;
using Outerloop.Gateway.Tasks;
using Outerloop.Live;

namespace Outerloop.Gateway.Upstreams;

/// <summary>A request to another server of which the answers are kept.</summary>
internal sealed class UpstreamQuestion(RequestBody body, ReplyId id, string? key, UpstreamGeneration? generation, string? owner)
{
    /// <summary>Members by which a client may get something else than what the model wrote.</summary>
    private static readonly string[] Changing = ["stop", "tools", "functions", "response_format", "logit_bias"];

    private readonly LiveTask? _task = TaskOf(body, generation);

    /// <summary>Whether the server's log-probabilities are known to be those from before temperature and top-p, and had for the asking.</summary>
    private bool TellsLogProbs => owner is "vllm" or "llamacpp" or "outerloop";

    /// <summary>What is sent on: where a trace wants token ids and log-probabilities and the server gives them, it is asked for them too.</summary>
    public ReadOnlyMemory<byte> Bytes
    {
        get
        {
            if (_task is null || !TellsLogProbs)
                return body.Bytes;
            string more = string.Join(',', new[] { "logprobs", owner == "llamacpp" ? "" : "return_token_ids" }.Where(name => name.Length > 0 && body.Member(name) is null).Select(name => $"\"{name}\":true"));
            return more.Length == 0 ? body.Bytes : JsonSplice.With(body.Bytes, more);
        }
    }

    /// <summary>What is kept of the answers, once they are whole.</summary>
    public IReadOnlyList<LiveAnswer> Record(UpstreamAnswers answers) =>
    [
        .. answers.All.Select(one => new LiveAnswer
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
            Task = one.Answer.Finish is "stop" or "length" ? _task : null,
        }),
    ];

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
