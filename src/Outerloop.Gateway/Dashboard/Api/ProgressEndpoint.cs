using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Outerloop.Gateway.OpenAi;

namespace Outerloop.Gateway.Dashboard.Api;

/// <summary>A run's progress as server-sent events, one whenever something changed.</summary>
internal sealed class ProgressEndpoint(TimeProvider clock)
{
    /// <summary>Pages that may watch at a time.</summary>
    private const int MostWatchers = 64;

    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(1);

    /// <summary>To be sure that somebody is still there.</summary>
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    /// <summary>All who watch a run see the same.</summary>
    private readonly Kept<IReadOnlyList<DomainProgress>> _domains = new(clock);

    private int _watchers;

    public async Task Handle(ShownRun run, HttpContext context)
    {
        // A stream without a body would never end.
        if (HttpMethods.IsHead(context.Request.Method) || context.Request.Headers.Accept.ToString().Contains("application/json", StringComparison.Ordinal))
        {
            await context.Response.WriteAsJsonAsync(await Of(run), DashboardJson.Options, context.RequestAborted);
            return;
        }

        try
        {
            if (Interlocked.Increment(ref _watchers) > MostWatchers)
                throw new ApiException(429, $"{MostWatchers} pages are watching; ask again later", code: "rate_limit_exceeded") { RetryAfter = 10 };
            await Watch(run, context);
        }
        finally
        {
            Interlocked.Decrement(ref _watchers);
        }
    }

    private async Task<ProgressView> Of(ShownRun run) =>
        ProgressView.Of(run, (await _domains.Get(run, "", () => DomainProgress.Of(run))).Figures, clock.GetUtcNow());

    private async Task Watch(ShownRun run, HttpContext context)
    {
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-cache";
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        string? told = null;
        long at = clock.GetTimestamp();
        using var timer = new PeriodicTimer(Pace, clock);
        do
        {
            string now = JsonSerializer.Serialize(await Of(run), DashboardJson.Options);
            if (now == told && clock.GetElapsedTime(at) < Heartbeat)
                continue;
            await context.Response.WriteAsync(now == told ? ": still here\n\n" : $"data: {now}\n\n", context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            (told, at) = (now, clock.GetTimestamp());
        }
        while (await timer.WaitForNextTickAsync(context.RequestAborted));
    }
}
