using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Outerloop.Gateway.OpenAi;
using Outerloop.Gateway.Telemetry;

namespace Outerloop.Gateway.Endpoints;

/// <summary>Turns whatever ends a request early into an error in OpenAI's shape.</summary>
internal sealed class ErrorReplies(IProgress<string> notices, GatewayTelemetry telemetry)
{
    public async Task Handle(HttpContext context, RequestDelegate next)
    {
        try
        {
            await next(context);
            if (context.Response is { HasStarted: false, StatusCode: 404 or 405, ContentType: null } refused)
                await Send(context, Unserved(refused.StatusCode, context.Request));
        }
        catch (Exception problem) when (!context.RequestAborted.IsCancellationRequested)
        {
            await Send(context, Explain(problem, context.Request));
        }
        catch (Exception) when (context.RequestAborted.IsCancellationRequested)
        {
            // Nobody is there to be told.
        }
    }

    /// <summary>What came to no endpoint.</summary>
    private static ApiException Unserved(int status, HttpRequest request) => new(status, $"There is no {request.Method} {request.Path} here");

    private ApiException Explain(Exception problem, HttpRequest request)
    {
        switch (problem)
        {
            case ApiException refused:
                return refused;
            case BadHttpRequestException bad:
                return new ApiException(bad.StatusCode, bad.StatusCode == 413 ? "The body is too long" : bad.Message);
            default:
                notices.Report($"{request.Method} {request.Path}: {problem.Message}");
                return new ApiException(500, problem is InputException ? "The model cannot be opened; the server's log says why" : "The server failed; its log says why");
        }
    }

    /// <summary>A stream that has begun tells of its end in an event.</summary>
    private async Task Send(HttpContext context, ApiException error)
    {
        telemetry.Refused(error);
        if (context.Response.HasStarted)
        {
            if (context.Response.ContentType?.StartsWith(EventStream.MediaType, StringComparison.Ordinal) != true)
            {
                context.Abort();
                return;
            }

            using var events = new EventStream(context.Response);
            events.Write(error.Body);
            await events.Flush(context.RequestAborted);
            return;
        }

        StringValues allowed = context.Response.Headers.Allow;
        context.Response.Clear();
        context.Response.StatusCode = error.Status;
        context.Response.Headers.Allow = allowed;
        if (error.RetryAfter is { } seconds)
            context.Response.Headers.RetryAfter = $"{seconds}";
        if (error.Challenge is { } challenge)
            context.Response.Headers.WWWAuthenticate = challenge;
        await context.Response.WriteAsJsonAsync(error.Body, Wire.Json, context.RequestAborted);
    }
}
