using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace Outerloop.Policies.Servers;

/// <summary>
/// Whether a server serves the wanted model, by its own <c>/v1/models</c>. An adapter that it does not list is loaded
/// first. Asked once, and again after the server has said that it does not know the model, as one does after a restart.
/// </summary>
internal sealed class ModelPresence(Uri url, ServedModel model, ServerOptions options, HttpClient http, ServerSurroundings around) : IDisposable
{
    private readonly SemaphoreSlim _gate = new(1);
    private Dialect? _dialect;

    /// <exception cref="InputException">It does not serve the model and cannot be made to.</exception>
    public async Task<Dialect> Require(CancellationToken cancellation)
    {
        if (_dialect is { } known)
            return known;
        await _gate.WaitAsync(cancellation);
        try
        {
            _dialect ??= await Find(cancellation);
            return _dialect.Value;
        }
        finally
        {
            _gate.Release();
        }
    }

    public void Forget() => _dialect = null;

    public void Dispose() => _gate.Dispose();

    private async Task<Dialect> Find(CancellationToken cancellation)
    {
        ServedList served = await List(cancellation);
        if (!served.Has(model.Name) && model.Folder is not null)
        {
            await new AdapterLoading(url, model, options, http, around).Load(cancellation);
            served = await List(cancellation);
        }

        return served.Has(model.Name)
            ? served.Dialect
            : throw new InputException($"{url}: no model '{model.Name}' is served here (there are: {string.Join(", ", served.Names)})" + (model.Folder is null ? "" : "; let it be loaded with --reload"));
    }

    private async Task<ServedList> List(CancellationToken cancellation)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(Math.Min(30, options.Deadline.TotalSeconds)), around.Clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, deadline.Token);
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{url}/models");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", options.ApiKey);
        using HttpResponseMessage response = await http.SendAsync(request, either.Token);
        if (response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden)
            throw new InputException($"{url}: {(int)response.StatusCode}; the key in {ServerOptions.KeyVariable} is not accepted");
        if (response.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed)
            return Unlisted();
        response.EnsureSuccessStatusCode();
        try
        {
            return ServedList.Of(await response.Content.ReadFromJsonAsync<JsonElement>(either.Token));
        }
        catch (Exception problem) when (problem is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw new UnusableReplyException($"/models is no list of models: {problem.Message}", problem);
        }
    }

    /// <summary>A server without a list is believed to have the base; an adapter there could be any.</summary>
    private ServedList Unlisted()
    {
        if (model.Folder is not null)
            throw new InputException($"{url}: there is no list of models, so that nobody can tell whether '{model.Name}' is served");
        around.Notices.Report($"{url}: there is no list of models; whether it serves '{model.Name}' shows with the first answer");
        return new ServedList([model.Name], Dialect.OpenAi);
    }

    private sealed record ServedList(IReadOnlyList<string> Names, Dialect Dialect)
    {
        public static ServedList Of(JsonElement root)
        {
            JsonElement[] models = [.. root.GetProperty("data").EnumerateArray()];
            bool OwnedBy(string owner) => models.Any(one => one.TryGetProperty("owned_by", out JsonElement name) && name.GetString() == owner);
            return new ServedList(
                [.. models.Select(one => one.GetProperty("id").GetString()!)],
                OwnedBy("vllm") ? Dialect.Vllm : OwnedBy("llamacpp") ? Dialect.LlamaCpp : OwnedBy("outerloop") ? Dialect.Outerloop : Dialect.OpenAi);
        }

        public bool Has(string name) => Names.Contains(name);
    }
}
