using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Outerloop.Gateway.Endpoints;
using Outerloop.Gateway.Keys;
using Outerloop.Gateway.OpenAi;
using Outerloop.Gateway.Telemetry;

namespace Outerloop.Gateway.Upstreams;

/// <summary>
/// Passes requests to other servers and their replies back, byte by byte as far as nothing is kept of them. Where answers are kept,
/// the last of them is held back until they are on record, and they have ids of this gateway, under which they are found again.
/// </summary>
internal sealed class UpstreamPassing(UpstreamPool pool, UpstreamModels models, UpstreamGenerations? generations, Admission admission, GatewaySurroundings around)
{
    private const int MostChoices = 128, LongestRefusal = 1 << 16;

    public async Task Pass(HttpContext context, RequestBody body, (AnswerForm Form, RequestMeasure Measure) asked, CancellationToken cancellation)
    {
        int wanted = body.Member("n") is { ValueKind: JsonValueKind.Number } given && given.TryGetInt32(out int count) ? Math.Clamp(count, 1, MostChoices) : 1;
        using IDisposable place = admission.Enter(wanted);
        using var deadline = new CancellationTokenSource(pool.Options.Deadline, around.Clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, deadline.Token);
        try
        {
            var id = ReplyId.New(asked.Form.IdPrefix, around.Clock.GetUtcNow());
            string via = Hops.Beyond(context.Request);
            UpstreamQuestion? kept = around.Recorder is null ? null : await ToKeep(body, id, (ApiKeys.NameOf(context), via), either.Token);
            using UpstreamReply reply = await pool.Send(asked.Form.Path, kept?.Bytes ?? body.Bytes, (id.Text[asked.Form.IdPrefix.Length..], via), either.Token);
            if (reply.Status == 200)
                asked.Measure.Of(body.Text("model"), id.Text);
            if (reply.Status != 200)
                await Refuse(context, reply, either.Token);
            else if (!reply.IsStream && !reply.IsJson)
                throw UpstreamFailure.Unreadable("is of another type than OpenAI's");
            else if (kept is null)
                await Copy(context, reply, asked.Measure, either.Token);
            else if (reply.IsStream)
                await Stream(context, reply, new Kept(kept, id, new UpstreamAnswers(wanted), asked.Measure), either.Token);
            else
                await Send(context, reply, new Kept(kept, id, new UpstreamAnswers(wanted), asked.Measure), either.Token);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            throw UpstreamFailure.TooSlow();
        }
    }

    private async Task<UpstreamQuestion> ToKeep(RequestBody body, ReplyId id, (string? Key, string Via) from, CancellationToken cancellation)
    {
        UpstreamGeneration? generation = generations is null ? null : await generations.Find(body.Text("model"), cancellation);
        return new UpstreamQuestion(body, id, from.Key, generation, await models.Owner(from.Via, cancellation));
    }

    private async Task Refuse(HttpContext context, UpstreamReply reply, CancellationToken cancellation)
    {
        ReadOnlyMemory<byte> body = await reply.ReadWhole(LongestRefusal, cancellation);
        if (UpstreamFailure.Reshaped(reply.Status, body, (int?)reply.RetryAfter?.Delta?.TotalSeconds) is { } reshaped)
        {
            if (reply.Status is 401 or 403)
                around.Notices.Report($"the server of a model refuses the key of --upstream-key ({reply.Status})");
            throw reshaped;
        }

        context.Response.StatusCode = reply.Status;
        if (reply.RetryAfter is { } after)
            context.Response.Headers.RetryAfter = $"{after}";
        await Whole(context, "application/json", body, cancellation);
    }

    private static async Task Copy(HttpContext context, UpstreamReply reply, RequestMeasure measure, CancellationToken cancellation)
    {
        Begin(context, reply);
        context.Response.ContentLength = reply.IsStream ? null : reply.Length;
        byte[] buffer = new byte[1 << 14];
        await using Stream stream = await reply.Read(cancellation);
        while (await Read(stream, buffer, cancellation) is var count and > 0)
        {
            if (reply.IsStream)
                measure.Token();
            await context.Response.BodyWriter.WriteAsync(buffer.AsMemory(0, count), cancellation);
        }
    }

    /// <summary>Events as they come, until one ends the last answer: that and what follows wait for the record.</summary>
    private async Task Stream(HttpContext context, UpstreamReply reply, Kept kept, CancellationToken cancellation)
    {
        Begin(context, reply);
        await using Stream stream = await reply.Read(cancellation);
        var events = new EventReader(stream, pool.Options.LongestAnswer);
        var held = new MemoryStream();
        long length = 0;
        while (await Next(events, cancellation) is { } found)
        {
            length += found.Length;
            if (length > pool.Options.LongestAnswer)
                throw UpstreamFailure.Unreadable($"has more than {pool.Options.LongestAnswer} bytes");
            kept.Measure.Token();
            if (Told(found, kept) is not { } told)
                continue;
            if (kept.Answers.AreWhole)
                held.Write(told.Span);
            else
                await context.Response.BodyWriter.WriteAsync(told, cancellation);
        }

        if (!kept.Answers.AreWhole)
            throw UpstreamFailure.BrokeOff();
        await kept.Measure.Recorded(around.Recorder!.Record(kept.Question.Record(kept.Answers)));
        await context.Response.BodyWriter.WriteAsync(held.GetBuffer().AsMemory(0, (int)held.Length), cancellation);
    }

    /// <summary>An event with the id of this gateway in it; null for what the client has not asked for.</summary>
    private static ReadOnlyMemory<byte>? Told(ReadOnlyMemory<byte> found, Kept kept)
    {
        if (EventReader.DataOf(found) is not { } data || !data.Span.StartsWith("{"u8))
            return found;
        return kept.Answers.Add(data) && kept.Question.AddsUsage ? null : (byte[])[.. "data: "u8, .. kept.Named(data).Span, .. "\n\n"u8];
    }

    private async Task Send(HttpContext context, UpstreamReply reply, Kept kept, CancellationToken cancellation)
    {
        ReadOnlyMemory<byte> body = await reply.ReadWhole(pool.Options.LongestAnswer, cancellation);
        kept.Answers.Add(body);
        if (!kept.Answers.AreWhole)
            throw UpstreamFailure.Unreadable("does not have all the answers");
        await kept.Measure.Recorded(around.Recorder!.Record(kept.Question.Record(kept.Answers)));
        await Whole(context, reply.ContentType ?? "application/json", kept.Named(body), cancellation);
    }

    private static async Task Whole(HttpContext context, string type, ReadOnlyMemory<byte> body, CancellationToken cancellation)
    {
        context.Response.ContentType = type;
        context.Response.ContentLength = body.Length;
        await context.Response.BodyWriter.WriteAsync(body, cancellation);
    }

    private static void Begin(HttpContext context, UpstreamReply reply)
    {
        context.Response.ContentType = reply.ContentType;
        if (!reply.IsStream)
            return;
        context.Response.Headers.CacheControl = "no-cache";
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
    }

    private static async ValueTask<int> Read(Stream stream, byte[] buffer, CancellationToken cancellation)
    {
        try
        {
            return await stream.ReadAsync(buffer, cancellation);
        }
        catch (Exception problem) when (UpstreamFailure.IsBreak(problem))
        {
            throw UpstreamFailure.BrokeOff();
        }
    }

    private static async ValueTask<ReadOnlyMemory<byte>?> Next(EventReader events, CancellationToken cancellation)
    {
        try
        {
            return await events.Next(cancellation);
        }
        catch (Exception problem) when (UpstreamFailure.IsBreak(problem))
        {
            throw UpstreamFailure.BrokeOff();
        }
    }

    /// <summary>A reply of which the answers are kept.</summary>
    private sealed record Kept(UpstreamQuestion Question, ReplyId Id, UpstreamAnswers Answers, RequestMeasure Measure)
    {
        /// <summary>A reply or a chunk under the id of this gateway.</summary>
        public ReadOnlyMemory<byte> Named(ReadOnlyMemory<byte> json) => JsonSplice.With(json, "id", JsonSerializer.Serialize(Id.Text));
    }
}
