namespace Outerloop.Gateway;

/// <summary>How the gateway is reached and what it bears.</summary>
public sealed record GatewayOptions
{
    /// <summary>An address of this machine. Any but the loopback makes the models available to the network.</summary>
    public string Host { get; init; } = "127.0.0.1";

    /// <summary>0 for one that is free.</summary>
    public int Port { get; init; } = 8000;

    /// <summary>Answers under way at a time, over all models; more are refused with 429.</summary>
    public int MostAnswers { get; init; } = 256;

    /// <summary>Connections at a time, idle ones included; further ones are closed at once.</summary>
    public long MostConnections { get; init; } = 12_000;

    /// <summary>Longest body of a request, in bytes.</summary>
    public long LongestBody { get; init; } = 4 << 20;

    /// <summary>Whether requests may name folders of this machine to load models from.</summary>
    public bool LoadsModels { get; init; }

    /// <summary>Folders of runs that <c>/api/v1/</c> tells of.</summary>
    public IReadOnlyList<string> Runs { get; init; } = [];

    /// <summary>A folder of further runs that it tells of, also those that are begun later; null for none.</summary>
    public string? RunsFolder { get; init; }

    /// <summary>Worker threads of each model.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;
}
