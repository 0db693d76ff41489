using System.Globalization;
using Outerloop.Configuration;

namespace Outerloop.Cli.Commands;

/// <summary>Where runs go that were given no folder.</summary>
internal static class RunNames
{
    private const string Runs = "runs";

    public static string New(RunSettings settings, TimeProvider clock)
    {
        string time = clock.GetLocalNow().ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture);
        string name = Path.Combine(Runs, $"{string.Join('-', settings.Domains)}-s{settings.Seed}-{time}");
        return Enumerable.Range(1, int.MaxValue)
            .Select(copy => copy == 1 ? name : $"{name}-{copy}")
            .First(path => !Directory.Exists(path));
    }

    /// <summary>The run that was begun last, if there is one.</summary>
    public static string? Newest() =>
        !Directory.Exists(Runs)
            ? null
            : Directory.EnumerateDirectories(Runs)
                .Where(path => File.Exists(Path.Combine(path, "run.yaml")))
                .OrderBy(path => File.GetLastWriteTimeUtc(Path.Combine(path, "run.yaml")))
                .LastOrDefault();
}
