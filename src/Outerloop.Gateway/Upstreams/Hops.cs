using Microsoft.AspNetCore.Http;
using Outerloop.Gateway.OpenAi;

namespace Outerloop.Gateway.Upstreams;

/// <summary>The gateways that a request has come through, as <c>Via</c> tells them: one that leads round in a circle would never end.</summary>
internal static class Hops
{
    private const string Gateway = "1.1 outerloop";

    private const int Most = 8;

    /// <summary>What the next server is told.</summary>
    /// <exception cref="ApiException">There are too many.</exception>
    public static string Beyond(HttpRequest request)
    {
        int before = $"{request.Headers.Via}".Split(',', StringSplitOptions.TrimEntries).Count(hop => hop == Gateway);
        return before < Most
            ? string.Join(", ", Enumerable.Repeat(Gateway, before + 1))
            : throw new ApiException(508, $"The request has come through {Most} gateways; one of their --upstream leads back to an earlier one", code: "upstream_loop");
    }
}
