using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace Outerloop.Policies.Servers;

/// <summary>
/// Whether a server serves the wanted model, by its own <c>/v1/models</c>. An adapter that it does not list is loaded
/// first, and its canary asked. Asked once, and again after the server has said that it does not know the model, as one does after a restart.
/// </summary>
/// <param name="canary">Asked of an adapter; null where no log-probabilities are wanted.</param>
internal sealed class ModelPresence(
    Uri url, ServedModel model, ServerOptions options, HttpClient http, ServerSurroundings around, Func<ChatCall, Dialect, CancellationToken, Task>? canary) : IDisposable
{
    private readonly SemaphoreSlim _gate = new(1);
    private Dialect? _dialect;

    /// <exception cref="InputException">It does not serve the model and cannot be made to.</exception>
    public async Task<Dialect> Require(ChatCall call, CancellationToken cancellation)
    {
        if (_dialect is { } known)
            return known;
        await _gate.WaitAsync(cancellation);
        try
        {
            _dialect ??= await Find(call, cancellation);
            return _dialect.Value;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>What the server is, where it says so; known with the dialect.</summary>
    public string? Version { get; private set; }

    public void Forget() => _dialect = null;

    public void Dispose() => _gate.Dispose();

    private async Task<Dialect> Find(ChatCall call, CancellationToken cancellation)
    {
        ServedList served = await List(cancellation);
        if (!served.Has(model.Name) && model.Folder is not null)
        {
            await new AdapterLoading(url, model, options, http, around).Load(cancellation);
            served = await List(cancellation);
        }

        if (!served.Has(model.Name))
            throw new InputException($"{url}: no model '{model.Name}' is served here (there are: {string.Join(", ", served.Names)})" + (model.Folder is null ? "" : "; let it be loaded with --reload"));
        served.RefuseAlias(url, model.Name);
        Version = served.Dialect == Dialect.Vllm ? await VllmVersion(cancellation) : null;
        if (model.Folder is null || canary is null)
            return served.Dialect;
        if (served.Has(model.BaseName))
            await canary(call, served.Dialect, cancellation);
        else
            around.Notices.Report($"{url}: whether '{model.Name}' differs from its base is not known: '{model.BaseName}' is not served here");
        return served.Dialect;
    }

    /// <summary>vLLM says it beside the API; what stands between may not.</summary>
    private async Task<string> VllmVersion(CancellationToken cancellation)
    {
        try
        {
            using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(Math.Min(5, options.Deadline.TotalSeconds)), around.Clock);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, deadline.Token);
            string root = $"{url}".TrimEnd('/');
            string beside = root.EndsWith("/v1", StringComparison.Ordinal) ? root[..^"/v1".Length] : root;
            JsonElement said = await http.GetFromJsonAsync<JsonElement>($"{beside}/version", either.Token);
            return $"vllm {said.GetProperty("version").GetString()}";
        }
        catch (Exception problem) when (!cancellation.IsCancellationRequested
            && problem is HttpRequestException or JsonException or InvalidOperationException or KeyNotFoundException or OperationCanceledException)
        {
            return "vllm";
        }
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
        return new ServedList([model.Name], Dialect.OpenAi, new Dictionary<string, string>());
    }

    /// <param name="Aliases">Names of our own gateway that may mean other weights tomorrow, with what they stand for now.</param>
    private sealed record ServedList(IReadOnlyList<string> Names, Dialect Dialect, IReadOnlyDictionary<string, string> Aliases)
    {
        public static ServedList Of(JsonElement root)
        {
            JsonElement[] models = [.. root.GetProperty("data").EnumerateArray()];
            bool OwnedBy(string owner) => models.Any(one => one.TryGetProperty("owned_by", out JsonElement name) && name.GetString() == owner);
            Dialect dialect = OwnedBy("vllm") ? Dialect.Vllm : OwnedBy("llamacpp") ? Dialect.LlamaCpp : OwnedBy("outerloop") ? Dialect.Outerloop : Dialect.OpenAi;
            return new ServedList([.. models.Select(IdOf)], dialect, dialect == Dialect.Outerloop ? Aliased(models) : new Dictionary<string, string>());
        }

        /// <exception cref="InputException">The name stands for another one.</exception>
        public void RefuseAlias(Uri url, string name)
        {
            if (Aliases.TryGetValue(name, out string? meant))
                throw new InputException($"{url}: '{name}' is another name for '{meant}' and may mean other weights tomorrow; ask for openai:{meant}");
        }

        private static string IdOf(JsonElement one) => one.GetProperty("id").GetString()!;

        private static Dictionary<string, string> Aliased(JsonElement[] models) =>
            models.Where(one => one.TryGetProperty("root", out JsonElement root) && root.ValueKind == JsonValueKind.String && root.GetString() != IdOf(one))
                .ToDictionary(IdOf, one => one.GetProperty("root").GetString()!, StringComparer.Ordinal);

        public bool Has(string name) => Names.Contains(name);
    }
}
