using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using Outerloop.Gateway.Keys;
using Outerloop.Gateway.Telemetry;
using Outerloop.Gateway.Tests.Support;
using Outerloop.Tests.Support;

namespace Outerloop.Gateway.Tests.Telemetry;

/// <summary>What a listener learns of a gateway. Other tests' gateways are heard too, so that it is told apart by what is asked here alone.</summary>
public sealed class TelemetryTests : IDisposable
{
    private readonly ConcurrentQueue<string> _heard = [];
    private readonly MeterListener _metrics = new();
    private readonly ActivityListener _spans;
    private readonly ConcurrentQueue<Activity> _ended = [];

    public TelemetryTests()
    {
        _metrics.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == GatewayTelemetry.Name)
                listener.EnableMeasurementEvents(instrument);
        };
        _metrics.SetMeasurementEventCallback<long>(Hear);
        _metrics.SetMeasurementEventCallback<int>(Hear);
        _metrics.SetMeasurementEventCallback<double>(Hear);
        _metrics.Start();
        _spans = new ActivityListener
        {
            ShouldListenTo = source => source.Name == GatewayTelemetry.Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = _ended.Enqueue,
        };
        ActivitySource.AddActivityListener(_spans);
    }

    public void Dispose()
    {
        _metrics.Dispose();
        _spans.Dispose();
    }

    [Fact]
    public async Task Times_tokens_and_commits_of_a_stream_are_told_under_the_conventions_names()
    {
        await using LiveRun run = await LiveRun.Start();

        Assert.Equal(200, (await run.Ask(LiveRun.Problem, "\"stream\":true")).Status);
        await run.Gateway.UnderWay(); // the request before has ended
        _metrics.RecordObservableInstruments();

        foreach (string name in (string[])["gen_ai.server.request.duration", "gen_ai.server.time_to_first_token", "gen_ai.client.token.usage"])
            Assert.Contains(_heard, line => line.StartsWith(name + " ", StringComparison.Ordinal) && line.Contains($"gen_ai.request.model={LiveRun.Alias}-g0-", StringComparison.Ordinal));
        Assert.Contains(_heard, line => line.StartsWith("outerloop.gateway.record.duration ", StringComparison.Ordinal));
        Assert.Contains(_heard, line => line.StartsWith("outerloop.gateway.commits 1", StringComparison.Ordinal));
        Assert.Contains(_heard, line => line.StartsWith("outerloop.gateway.answers ", StringComparison.Ordinal));
        Assert.Contains(_heard, line => line.StartsWith("outerloop.gateway.waiting ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_span_belongs_to_its_clients_trace_and_nothing_tells_of_prompt_answer_or_key()
    {
        const string Trace = "4bf92f3577b34da6a3ce929d0e0e4736";
        using var folder = new TemporaryFolder();
        (string key, string hash) = ApiKeys.New();
        File.WriteAllText(folder.File("keys.yaml"), $"- {{name: alice, sha256: {hash}}}");
        using var keys = ApiKeys.Read(folder.File("keys.yaml"));
        await using BaseGateway gateway = await BaseGateway.Start(keys);
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(gateway.Url, "/v1/completions"))
        {
            Content = new StringContent($"{{\"model\":\"base\",\"prompt\":\"{BaseGateway.Words}\",\"seed\":1}}", null, "application/json"),
        };
        request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {key}");
        request.Headers.TryAddWithoutValidation("traceparent", $"00-{Trace}-00f067aa0ba902b7-01");

        using (HttpResponseMessage response = await http.SendAsync(request))
            Assert.True(response.IsSuccessStatusCode);
        using (HttpResponseMessage refused = await http.GetAsync(new Uri(gateway.Url, "/v1/models")))
            Assert.Equal(401, (int)refused.StatusCode);

        Activity span = Assert.Single(_ended, one => $"{one.TraceId}" == Trace);
        string tags = string.Join(' ', span.TagObjects.Select(tag => $"{tag.Key}={tag.Value}"));
        Assert.Contains("gen_ai.request.model=base", tags, StringComparison.Ordinal);
        Assert.Contains(_heard, line => line.StartsWith("outerloop.gateway.refusals 1 error.type=invalid_api_key", StringComparison.Ordinal));
        string all = string.Join('\n', _heard.Append(tags));
        foreach (string secret in (string[])[key, hash, "<goal>", "unstack", "on b2 b1", "alice"])
            Assert.DoesNotContain(secret, all, StringComparison.Ordinal);
    }

    private void Hear<T>(Instrument instrument, T value, ReadOnlySpan<KeyValuePair<string, object?>> tags, object? state)
    {
        var line = new List<string>();
        foreach (KeyValuePair<string, object?> tag in tags)
            line.Add($"{tag.Key}={tag.Value}");
        _heard.Enqueue(string.Create(CultureInfo.InvariantCulture, $"{instrument.Name} {value} {string.Join(' ', line)}"));
    }
}
