using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Outerloop.Gateway.OpenAi;

namespace Outerloop.Gateway.Telemetry;

/// <summary>One request's times and tokens, and its span.</summary>
internal sealed class RequestMeasure : IDisposable
{
    private const string ModelTag = "gen_ai.request.model", ErrorTag = "error.type";

    private readonly GatewayTelemetry _telemetry;
    private readonly Activity? _span;
    private readonly long _start;
    private TagList _tags;
    private bool _hasFirst;

    /// <param name="telemetry">Takes it.</param>
    /// <param name="request">May say of which trace it is part.</param>
    /// <param name="operation">What is done: <c>chat</c> or <c>text_completion</c>.</param>
    public RequestMeasure(GatewayTelemetry telemetry, HttpRequest request, string operation)
    {
        _telemetry = telemetry;
        _start = telemetry.Clock.GetTimestamp();
        _tags = new TagList { { "gen_ai.operation.name", operation }, { "gen_ai.provider.name", "outerloop" } };
        _ = ActivityContext.TryParse(request.Headers.TraceParent, request.Headers.TraceState, isRemote: true, out ActivityContext parent);
        _span = GatewayTelemetry.Spans.StartActivity(operation, ActivityKind.Server, parent, _tags);
    }

    /// <param name="model">The immutable name of the model that answers; not what a client calls it, which may be anything.</param>
    /// <param name="id">Under which the answers are found again.</param>
    public void Of(string model, string id)
    {
        _tags.Add(ModelTag, model);
        _span?.SetTag(ModelTag, model).SetTag("gen_ai.response.id", id);
    }

    /// <summary>A token is there. All but the first one are ignored.</summary>
    public void Token()
    {
        if (_hasFirst)
            return;
        _hasFirst = true;
        _telemetry.FirstToken.Record(Elapsed(_start), _tags);
    }

    public void Used(int read, int written)
    {
        _telemetry.Tokens.Record(read, [.. _tags, KeyValuePair.Create<string, object?>("gen_ai.token.type", "input")]);
        _telemetry.Tokens.Record(written, [.. _tags, KeyValuePair.Create<string, object?>("gen_ai.token.type", "output")]);
        _span?.SetTag("gen_ai.usage.input_tokens", read).SetTag("gen_ai.usage.output_tokens", written);
    }

    /// <summary>Measures how long it takes until answers are on record.</summary>
    public async Task Recorded(Task recording)
    {
        long start = _telemetry.Clock.GetTimestamp();
        await recording;
        _telemetry.Recording.Record(Elapsed(start));
    }

    public void Failed(Exception problem)
    {
        string error = problem switch
        {
            ApiException refusal => refusal.Code ?? $"{refusal.Status}",
            OperationCanceledException => "client_left",
            _ => problem.GetType().FullName!,
        };
        _tags.Add(ErrorTag, error);
        _span?.SetTag(ErrorTag, error).SetStatus(ActivityStatusCode.Error);
    }

    public void Dispose()
    {
        _telemetry.Duration.Record(Elapsed(_start), _tags);
        _span?.Dispose();
    }

    private double Elapsed(long since) => _telemetry.Clock.GetElapsedTime(since).TotalSeconds;
}
