using System.Collections.Immutable;

namespace Outerloop.Gateway.Upstreams;

/// <summary>Other servers with OpenAI's API, which answer requests for models that are not in this process.</summary>
/// <param name="Urls">Their bases, <c>http://host:8000/v1</c>; several serve the same models and share the load.</param>
/// <param name="Key">Theirs; null where they want none. Clients' keys are never sent on.</param>
public sealed record UpstreamOptions(ImmutableArray<Uri> Urls, string? Key)
{
    /// <summary>The longest that one answer may take.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>A server to which no connection comes about for so long cannot be reached.</summary>
    public TimeSpan TimeToConnect { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The longest that a list of models may take, for which others wait. It leaves time to try another server.</summary>
    public TimeSpan TimeToList { get; init; } = TimeSpan.FromSeconds(8);

    /// <summary>How long a server that cannot be reached is passed over, if another can.</summary>
    public TimeSpan Pause { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Longest answer, in bytes.</summary>
    public long LongestAnswer { get; init; } = 64 << 20;

    /// <summary>A record would tell of the key.</summary>
    public override string ToString() => string.Join(", ", Urls);
}
