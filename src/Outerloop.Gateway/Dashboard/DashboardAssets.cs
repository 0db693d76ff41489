using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Outerloop.Gateway.OpenAi;
using Outerloop.Reporting;

namespace Outerloop.Gateway.Dashboard;

/// <summary>The files that pages are made of: the dashboard's own, and those by which the report's charts are drawn.</summary>
internal static class DashboardAssets
{
    private static readonly string[] Shared = ["chart.js", "theme.json"];

    /// <summary>The libraries that draw charts, by their addresses, in the order in which they are loaded; none where Node was absent at the build.</summary>
    public static IReadOnlyList<string> Libraries { get; } =
        ReportAssets.Libraries.IsEmpty ? [] : ["/assets/libraries/vega.js", "/assets/libraries/vega-lite.js", "/assets/libraries/vega-embed.js", "/assets/chart.js"];

    /// <summary>Whether states of a domain are drawn; the others' are told as facts.</summary>
    public static bool Draws(string domain) => Own($"player/{domain}.js") is not null;

    /// <exception cref="ApiException">There is no such file.</exception>
    public static async Task Send(HttpContext context, string name)
    {
        string text = Find(name) ?? throw new ApiException(404, "There is no such file here");
        string tag = $"\"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..16]}\"";
        context.Response.Headers.ETag = tag;
        context.Response.Headers.CacheControl = "no-cache";
        if (context.Request.Headers.IfNoneMatch == tag)
        {
            context.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        context.Response.ContentType = Path.GetExtension(name) switch { ".js" => "text/javascript; charset=utf-8", ".css" => "text/css; charset=utf-8", _ => "application/json" };
        await context.Response.WriteAsync(text, context.RequestAborted);
    }

    /// <summary>Names are those of embedded resources, not of files: there is no way out.</summary>
    private static string? Find(string name) =>
        Shared.Contains(name) || name.StartsWith("specs/", StringComparison.Ordinal) || name.StartsWith("libraries/", StringComparison.Ordinal)
            ? ReportAssets.Find(name)
            : Own(name);

    private static string? Own(string name)
    {
        using Stream? stream = typeof(DashboardAssets).Assembly.GetManifestResourceStream($"dashboard/{name}");
        if (stream is null)
            return null;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
