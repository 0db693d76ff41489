using System.Collections.Immutable;

namespace Outerloop.Policies.Servers;

/// <summary>Which kind of log-probabilities a server reports.</summary>
public enum LogProbKind
{
    /// <summary>By the server: those of vLLM and llama.cpp, in their standard settings, are raw; no others are asked for.</summary>
    Auto,

    None,

    /// <summary>Before temperature and top-p.</summary>
    Raw,

    /// <summary>After them: of the distribution that the token was drawn from.</summary>
    Sampled,
}

/// <summary>How models on servers are reached. None of it decides what they answer, so none of it is among a run's settings.</summary>
public sealed record ServerOptions
{
    public const string UrlVariable = "OPENAI_BASE_URL", KeyVariable = "OPENAI_API_KEY";

    /// <summary>Servers of the same model, which share the load: <c>http://host:8000/v1</c>.</summary>
    public required ImmutableArray<Uri> BaseUrls { get; init; }

    public string ApiKey { get; init; } = "none";

    /// <summary>Requests at a time, over all servers.</summary>
    public int InFlight { get; init; } = 256;

    /// <summary>Answers per request (<c>n</c>), where several samples of a task are wanted.</summary>
    public int Choices { get; init; } = 1;

    /// <summary>The longest that one request may take.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>A request that has waited so long is named.</summary>
    public TimeSpan Stall { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How often a request is sent again after a failure that may pass.</summary>
    public int Retries { get; init; } = 6;

    /// <summary>Before the first retry, and the first pause of a server that fails; each further one is twice as long.</summary>
    public TimeSpan FirstDelay { get; init; } = TimeSpan.FromSeconds(1);

    public TimeSpan LongestDelay { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Failures in a row after which a server is paused.</summary>
    public int FailuresToPause { get; init; } = 8;

    /// <summary>How long every server may be out of reach before the run is given up; it can be resumed.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMinutes(15);

    public LogProbKind LogProbs { get; init; }

    /// <summary>Loads adapters by vLLM's <c>/v1/load_lora_adapter</c>.</summary>
    public bool LoadsAdapters { get; init; }

    /// <summary>A command that makes the server serve an adapter, with <c>{adapter}</c> and <c>{name}</c>; null for none.</summary>
    public string? ReloadCommand { get; init; }

    /// <summary>The base URLs of a list such as <c>http://a:8000/v1,http://b:8000/v1</c>.</summary>
    /// <exception cref="InputException">One is no URL of a server.</exception>
    public static ImmutableArray<Uri> ReadUrls(string? list, string from)
    {
        string[] texts = (list ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return texts.Length > 0
            ? [.. texts.Select(text => ReadUrl(text, from))]
            : throw new InputException($"{from}: name the server, {UrlVariable}=http://localhost:8000/v1 for example; several with commas between them share the load");
    }

    /// <summary>A key in a URL would be told wherever the server is named.</summary>
    private static Uri ReadUrl(string text, string from)
    {
        if (!Uri.TryCreate(text.TrimEnd('/'), UriKind.Absolute, out Uri? url) || url.Scheme is not ("http" or "https"))
            throw new InputException($"{from}: '{text}' is no URL of a server, such as http://localhost:8000/v1");
        return url.UserInfo.Length == 0 ? url : throw new InputException($"{from}: the URL of {url.Authority} has a user or a key in it; keys come from environment variables");
    }
}
