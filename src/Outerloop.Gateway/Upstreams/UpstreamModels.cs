using System.Text.Json;
using Outerloop.Gateway.OpenAi;

namespace Outerloop.Gateway.Upstreams;

/// <summary>The models of the other servers, as they tell of them.</summary>
internal sealed class UpstreamModels(UpstreamPool pool, TimeProvider clock)
{
    private const string Path = "models";

    private const long LongestList = 4 << 20;

    private static readonly TimeSpan Freshness = TimeSpan.FromMinutes(1);

    /// <summary>An answer does not wait longer for what only its record wants to know.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private volatile Told? _owner;

    /// <param name="via">The gateways that the request comes through (<see cref="Hops"/>).</param>
    /// <param name="cancellation">Stops asking.</param>
    /// <exception cref="ApiException">No server says.</exception>
    public async Task<IReadOnlyList<JsonElement>> List(string via, CancellationToken cancellation)
    {
        using UpstreamReply reply = await pool.Send(Path, null, ("models", via), cancellation);
        ReadOnlyMemory<byte> body = await reply.ReadWhole(LongestList, cancellation);
        if (reply.Status != 200)
            throw UpstreamFailure.Reshaped(reply.Status, body) ?? UpstreamFailure.Unreadable($"to /v1/models is a {reply.Status}");
        try
        {
            using var document = JsonDocument.Parse(body);
            return [.. document.RootElement.GetProperty("data").EnumerateArray().Where(model => NameOf(model) is not null).Select(model => model.Clone())];
        }
        catch (Exception problem) when (problem is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw UpstreamFailure.Unreadable("to /v1/models is not OpenAI's JSON");
        }
    }

    /// <summary>What the servers run: <c>vllm</c>, <c>llamacpp</c>, <c>outerloop</c> for example; null where they do not say.</summary>
    public async ValueTask<string?> Owner(string via, CancellationToken cancellation)
    {
        if (_owner is { } known && clock.GetElapsedTime(known.Time) < Freshness)
            return known.Owner;
        using var patience = new CancellationTokenSource(Patience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, patience.Token);
        string? owner = null;
        try
        {
            owner = (await List(via, either.Token)).Select(model => Text(model, "owned_by")).FirstOrDefault();
        }
        catch (Exception problem) when (problem is ApiException || (problem is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            // It is asked again when this is no longer fresh.
        }

        _owner = new Told(owner, clock.GetTimestamp());
        return owner;
    }

    public static string? NameOf(JsonElement model) => Text(model, "id");

    private static string? Text(JsonElement model, string name) =>
        model.ValueKind == JsonValueKind.Object && model.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private sealed record Told(string? Owner, long Time);
}
