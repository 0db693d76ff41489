using Outerloop.Tests.Support;

namespace Outerloop.Gateway.Tests.Browser;

/// <summary>Pictures for people to look at, into the folder that the variable names; no test of anything.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ScreenshotFactAttribute : FactAttribute
{
    public const string Variable = "OUTERLOOP_SCREENSHOTS";

    public ScreenshotFactAttribute() => Skip = Folder is null ? $"not run: {Variable} names no folder" : new BrowserFactAttribute().Skip;

    public static string? Folder { get; } = Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } folder ? Path.GetFullPath(folder) : null;
}
