using System.Net.Http.Headers;
using System.Net.Http.Json;

namespace Outerloop.Policies.Servers;

/// <summary>Makes a server serve a generation under its immutable name.</summary>
internal sealed class AdapterLoading(Uri url, ServedModel model, ServerOptions options, HttpClient http, ServerSurroundings around)
{
    /// <exception cref="InputException">There is no way to.</exception>
    /// <exception cref="HttpRequestException">The server cannot be reached.</exception>
    public async Task Load(CancellationToken cancellation)
    {
        if (options.ReloadCommand is { } command)
            await Run(command, cancellation);
        else if (options.LoadsAdapters)
            await Post(cancellation);
        else
            throw new InputException($"{url}: the generation '{model.Name}' ({model.Folder}) is not served here; load it under this name, or say how with --reload");
    }

    /// <summary>vLLM answers in plain text, or with an error in JSON.</summary>
    private async Task Post(CancellationToken cancellation)
    {
        around.Notices.Report($"{url}: loading {model.Name}");
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{url}/load_lora_adapter")
        {
            Content = JsonContent.Create(new { lora_name = model.Name, lora_path = model.Folder }),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", options.ApiKey);
        using var deadline = new CancellationTokenSource(options.Deadline, around.Clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, deadline.Token);
        using HttpResponseMessage response = await http.SendAsync(request, either.Token);
        if (response.IsSuccessStatusCode)
            return;
        string text = await response.Content.ReadAsStringAsync(either.Token);
        if ((int)response.StatusCode >= 500)
            throw new HttpRequestException($"loading {model.Name}: {(int)response.StatusCode} {text}");
        throw new InputException($"{url}: cannot load {model.Name}: {(int)response.StatusCode} {text}; vLLM wants VLLM_ALLOW_RUNTIME_LORA_UPDATING=True, --enable-lora and a --max-lora-rank that is high enough");
    }

    private async Task Run(string template, CancellationToken cancellation)
    {
        var command = new ShellCommand(template, new Dictionary<string, string> { ["adapter"] = model.Folder!, ["name"] = model.Name, ["url"] = $"{url}" });
        around.Notices.Report($"{url}: {command.Line}");
        ShellResult result = await command.Run(_ => { }, cancellation);
        if (result.ExitCode != 0)
            throw new OutsideException($"the reload command ended with {result.ExitCode}: {command.Line}\n{result.Tail}");
    }
}
