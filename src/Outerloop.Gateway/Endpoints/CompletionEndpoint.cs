using Microsoft.AspNetCore.Http;
using Outerloop.Gateway.Answers;
using Outerloop.Gateway.Keys;
using Outerloop.Gateway.Models;
using Outerloop.Gateway.OpenAi;
using Outerloop.Gateway.Telemetry;
using Outerloop.Gateway.Upstreams;
using Outerloop.Model.Tokenization;

namespace Outerloop.Gateway.Endpoints;

/// <summary>Answers requests in one of the API's forms, whole or as streams.</summary>
/// <param name="form">The API's form.</param>
/// <param name="models">Those of this process.</param>
/// <param name="admission">Lets answers begin.</param>
/// <param name="around">What the gateway works with.</param>
/// <param name="passing">Answers requests for other models; null where there are no other servers.</param>
/// <param name="telemetry">Is told what it took.</param>
internal sealed class CompletionEndpoint(AnswerForm form, ModelCatalog models, Admission admission, GatewaySurroundings around, UpstreamPassing? passing, GatewayTelemetry telemetry)
{
    /// <summary>Characters of a word that an error repeats.</summary>
    private const int LongestWord = 60;

    public async Task Handle(HttpContext context)
    {
        using var measure = new RequestMeasure(telemetry, context.Request, form.Operation);
        try
        {
            await Answer(context, measure, context.RequestAborted);
        }
        catch (Exception problem)
        {
            measure.Failed(problem);
            throw;
        }
    }

    private async Task Answer(HttpContext context, RequestMeasure measure, CancellationToken cancellation)
    {
        using RequestBody body = await RequestBody.Read(context.Request, cancellation);
        string name = body.Text("model");
        if (await models.Find(name, cancellation) is not { } offered)
        {
            await (passing ?? throw ApiException.UnknownModel(name)).Pass(context, body, (form, measure), cancellation);
            return;
        }

        SamplingParameters parameters = form.Parameters(body);
        using IDisposable place = admission.Enter(parameters.Seeds.Length);
        var id = ReplyId.New(form.IdPrefix, around.Clock.GetUtcNow());
        if (offered.Canary is var (canary, share) && id.Draw() < share)
            offered = canary;
        using ModelUse use = await models.Use(offered);
        var reply = new Reply(form, id, offered, use.Model, Ask(body, use.Model), parameters);
        measure.Of(reply.Name, id.Text);
        if (parameters.Stream)
            await Stream(context, reply, (place, measure), cancellation);
        else
            await Send(context, reply, (place, measure), cancellation);
    }

    private Question Ask(RequestBody body, LiveModel model)
    {
        try
        {
            Question question = form.Ask(body, model);
            return question.Prompt.Length switch
            {
                0 => throw new ApiException(400, "The prompt is empty"),
                int length when length >= model.LongestSequence => throw new ApiException(
                    400, $"This model's maximum context length is {model.LongestSequence} tokens, and the prompt has {length}", code: "context_length_exceeded"),
                _ => question,
            };
        }
        catch (UnknownTokenException unknown)
        {
            string word = unknown.Word.Length > LongestWord ? unknown.Word[..LongestWord] + "…" : unknown.Word;
            throw new ApiException(400, $"The model has no word for '{word}': it speaks the language of its tasks alone", code: "unknown_word");
        }
    }

    /// <summary>The place is free before the client is told, which may ask again at once.</summary>
    private async Task Send(HttpContext context, Reply reply, (IDisposable Place, RequestMeasure Measure) request, CancellationToken cancellation)
    {
        await foreach (AnswerPiece piece in reply.Pieces(cancellation).WithCancellation(cancellation))
            reply.Add(piece);
        await End(context, reply, request);
        await context.Response.WriteAsJsonAsync(reply.Whole(), Wire.Json, cancellation);
    }

    /// <summary>Sends what there is whenever the next token lets wait for itself; the ends of answers when they are on record.</summary>
    private async Task Stream(HttpContext context, Reply reply, (IDisposable Place, RequestMeasure Measure) request, CancellationToken cancellation)
    {
        using var events = new EventStream(context.Response);
        await using IAsyncEnumerator<AnswerPiece> pieces = reply.Pieces(cancellation).GetAsyncEnumerator(cancellation);
        while (true)
        {
            ValueTask<bool> next = pieces.MoveNextAsync();
            if (!next.IsCompleted)
                await Tell(reply.Growth(), events, cancellation);
            if (!await next)
                break;
            reply.Add(pieces.Current);
            request.Measure.Token();
        }

        await End(context, reply, request);
        foreach (ReplyBody end in reply.Ends())
            events.Write(end);
        if (reply.UsageChunk() is { } usage)
            events.Write(usage);
        events.WriteEnd();
        await events.Flush(cancellation);
    }

    private static async ValueTask Tell(IEnumerable<ReplyBody> chunks, EventStream events, CancellationToken cancellation)
    {
        foreach (ReplyBody chunk in chunks)
            events.Write(chunk);
        await events.Flush(cancellation);
    }

    /// <summary>An answer that its client has in whole is on record.</summary>
    private async Task End(HttpContext context, Reply reply, (IDisposable Place, RequestMeasure Measure) request)
    {
        if (around.Recorder is { } recorder)
            await request.Measure.Recorded(recorder.Record(reply.Record(ApiKeys.NameOf(context))));
        request.Measure.Used(reply.Usage.PromptTokens, reply.Usage.CompletionTokens);
        request.Place.Dispose();
    }
}
