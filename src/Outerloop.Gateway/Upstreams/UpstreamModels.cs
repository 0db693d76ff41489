using System.Text.Json;
using Outerloop.Gateway.OpenAi;

namespace Outerloop.Gateway.Upstreams;

/// <summary>The models of the other servers, as they tell of them.</summary>
internal sealed class UpstreamModels(UpstreamPool pool, TimeProvider clock)
{
    private const string Path = "models";

    private const long LongestList = 4 << 20;

    private static readonly TimeSpan Freshness = TimeSpan.FromMinutes(1);

    private volatile Told? _owner;

    /// <param name="via">The gateways that the request comes through (<see cref="Hops"/>).</param>
    /// <param name="cancellation">Stops asking.</param>
    /// <exception cref="ApiException">No server says, or not in time.</exception>
    public async Task<IReadOnlyList<JsonElement>> List(string via, CancellationToken cancellation)
    {
        using var patience = new CancellationTokenSource(pool.Options.TimeToList, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, patience.Token);
        try
        {
            return await Ask(via, either.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw UpstreamFailure.TooSlow();
        }
    }

    /// <summary>What the servers run: <c>vllm</c>, <c>llamacpp</c>, <c>outerloop</c> for example; null where they do not say.</summary>
    public async ValueTask<string?> Owner(string via, CancellationToken cancellation)
    {
        if (_owner is { } known && clock.GetElapsedTime(known.Time) < Freshness)
            return known.Owner;
        string? owner = null;
        try
        {
            owner = (await List(via, cancellation)).Select(model => Text(model, "owned_by")).FirstOrDefault();
        }
        catch (ApiException)
        {
            // It is asked again when this is no longer fresh.
        }

        _owner = new Told(owner, clock.GetTimestamp());
        return owner;
    }

    public static string? NameOf(JsonElement model) => Text(model, "id");

    private async Task<IReadOnlyList<JsonElement>> Ask(string via, CancellationToken cancellation)
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

    private static string? Text(JsonElement model, string name) =>
        model.ValueKind == JsonValueKind.Object && model.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private sealed record Told(string? Owner, long Time);
}
