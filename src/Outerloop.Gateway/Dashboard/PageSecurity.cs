using Microsoft.AspNetCore.Http;

namespace Outerloop.Gateway.Dashboard;

/// <summary>What a browser is told of everything that the dashboard sends.</summary>
internal static class PageSecurity
{
    /// <summary>Nothing but what this server sends runs, is shown, or is asked for; no script or style stands in a page.</summary>
    public const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; "
        + "frame-ancestors 'none'; base-uri 'none'; form-action 'self'";

    public static void Protect(HttpResponse response)
    {
        response.Headers.ContentSecurityPolicy = Policy;
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers["Referrer-Policy"] = "no-referrer";
        response.Headers["Cross-Origin-Opener-Policy"] = "same-origin";
        response.Headers["Cross-Origin-Resource-Policy"] = "same-origin";
    }
}
