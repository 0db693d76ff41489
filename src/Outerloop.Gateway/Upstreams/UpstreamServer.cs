namespace Outerloop.Gateway.Upstreams;

/// <summary>One of the other servers, as the pool sees it. Its owner holds a lock.</summary>
internal sealed class UpstreamServer(Uri url)
{
    public Uri Url => url;

    /// <summary>Requests that it has not answered in whole.</summary>
    public int Outstanding { get; set; }

    /// <summary>When it could not be reached last; null if it could since.</summary>
    public long? Unreachable { get; set; }
}
