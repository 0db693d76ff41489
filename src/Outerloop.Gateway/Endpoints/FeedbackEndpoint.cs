using Microsoft.AspNetCore.Http;
using Outerloop.Gateway.Keys;
using Outerloop.Gateway.OpenAi;
using Outerloop.Live;
using Outerloop.Verification;

namespace Outerloop.Gateway.Endpoints;

/// <summary><c>/v1/feedback</c>: what users say of answers that were given here.</summary>
internal sealed class FeedbackEndpoint(LiveRecorder recorder)
{
    /// <summary>Characters.</summary>
    public const int LongestCorrection = 100_000;

    private const int LongestId = 100, LongestComment = 10_000, LastChoice = 127;

    public async Task Handle(HttpContext context)
    {
        using RequestBody body = await RequestBody.Read(context.Request, context.RequestAborted);
        Feedback feedback = Read(body) with { Key = ApiKeys.NameOf(context) };
        try
        {
            Judgement? correction = await recorder.Record(feedback, context.RequestAborted);
            var told = new FeedbackBody(feedback.Answer.Completion, feedback.Answer.Choice, correction is null ? null : $"{correction.Outcome}".ToLowerInvariant(), correction?.Message);
            await context.Response.WriteAsJsonAsync(told, Wire.Json, context.RequestAborted);
        }
        catch (UnknownAnswerException unknown)
        {
            throw new ApiException(404, unknown.Message, "id", "completion_not_found");
        }
    }

    private static Feedback Read(RequestBody body)
    {
        string id = Short(body, "id", LongestId) ?? throw ApiException.Wrong("id", "is missing");
        if (id.Any(char.IsControl))
            throw ApiException.Wrong("id", "is no id of an answer");
        var answer = new AnswerId(id, body.Whole("choice", 0, LastChoice) ?? 0);
        bool accepted = body.Text("verdict") switch
        {
            "accept" => true,
            "reject" => false,
            _ => throw ApiException.Wrong("verdict", "must be accept or reject"),
        };
        return new Feedback(answer, accepted)
        {
            Correction = Short(body, "correction", LongestCorrection),
            Comment = Short(body, "comment", LongestComment),
        };
    }

    private static string? Short(RequestBody body, string name, int longest) => body.OptionalText(name) is not { } text || text.Length <= longest
        ? body.OptionalText(name)
        : throw ApiException.Wrong(name, $"must have at most {longest} characters");
}

/// <param name="Correction">What became of a corrected plan: valid, invalid or malformed; absent where nothing is verified.</param>
/// <param name="Message">Why it is not valid.</param>
internal sealed record FeedbackBody(string Id, int Choice, string? Correction, string? Message)
{
    public string Object { get; } = "feedback";
}
