using Outerloop.Reporting;

namespace Outerloop.Tests.Support;

/// <summary>A test that needs a browser, and a build with what draws charts.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class BrowserFactAttribute : FactAttribute
{
    public BrowserFactAttribute()
    {
        if (Chromium is null)
            Skip = "not run: no chromium";
        else if (ReportAssets.Libraries.IsEmpty)
            Skip = "not run: built without Node";
    }

    /// <summary>Debian's chromium, or the one that CHROMIUM names.</summary>
    public static string? Chromium { get; } =
        new[] { Environment.GetEnvironmentVariable("CHROMIUM"), "/usr/bin/chromium" }.FirstOrDefault(File.Exists);
}
