using System.Diagnostics;
using System.Diagnostics.Metrics;
using Outerloop.Gateway.OpenAi;

namespace Outerloop.Gateway.Telemetry;

/// <summary>
/// What a gateway measures of itself, for whoever listens: names of OpenTelemetry's semantic conventions for generative models where
/// they have one, and else below <c>outerloop.gateway</c>. No prompt, no answer and no key is in any of it.
/// </summary>
public sealed class GatewayTelemetry : IDisposable
{
    /// <summary>The meter's name, and that of the source of spans.</summary>
    public const string Name = "Outerloop.Gateway";

    internal static readonly ActivitySource Spans = new(Name);

    private static readonly InstrumentAdvice<double> Seconds = new() { HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92] };

    private static readonly InstrumentAdvice<long> TokenCounts = new() { HistogramBucketBoundaries = [1, 4, 16, 64, 256, 1024, 4096, 16384, 65536] };

    private readonly Meter _meter = new(Name);
    private readonly Counter<long> _refusals;

    internal GatewayTelemetry(TimeProvider clock)
    {
        Clock = clock;
        Duration = _meter.CreateHistogram("gen_ai.server.request.duration", "s", "From a request to the end of its answers.", advice: Seconds);
        FirstToken = _meter.CreateHistogram("gen_ai.server.time_to_first_token", "s", "From a request to its first token.", advice: Seconds);
        Tokens = _meter.CreateHistogram("gen_ai.client.token.usage", "{token}", "Tokens of a request, read and written.", advice: TokenCounts);
        Recording = _meter.CreateHistogram("outerloop.gateway.record.duration", "s", "Until the answers to a request were verified and committed.", advice: Seconds);
        _refusals = _meter.CreateCounter<long>("outerloop.gateway.refusals", "{request}", "Requests that were refused, by reason.");
    }

    internal TimeProvider Clock { get; }

    internal Histogram<double> Duration { get; }

    internal Histogram<double> FirstToken { get; }

    internal Histogram<long> Tokens { get; }

    internal Histogram<double> Recording { get; }

    public void Dispose() => _meter.Dispose();

    /// <summary>What is there at any time, looked at when somebody wants to know.</summary>
    /// <param name="underWay">Answers.</param>
    /// <param name="models">Those of the answers that have no place in a model's batch yet, and how many models are open.</param>
    /// <param name="commits">Transactions so far; null where nothing is kept.</param>
    internal void Watch(Func<long> underWay, (Func<int> Waiting, Func<int> Open) models, Func<long>? commits)
    {
        _meter.CreateObservableUpDownCounter("outerloop.gateway.answers", underWay, "{answer}", "Answers under way.");
        _meter.CreateObservableUpDownCounter("outerloop.gateway.waiting", models.Waiting, "{answer}", "Answers that wait for a place in their model's batch.");
        _meter.CreateObservableUpDownCounter("outerloop.gateway.models", models.Open, "{model}", "Models that are open.");
        if (commits is not null)
            _meter.CreateObservableCounter("outerloop.gateway.commits", commits, "{transaction}", "Commits of answers to the store.");
    }

    internal void Refused(ApiException refusal) =>
        _refusals.Add(1, new TagList { { "error.type", refusal.Code ?? $"{refusal.Status}" }, { "http.response.status_code", refusal.Status } });
}
