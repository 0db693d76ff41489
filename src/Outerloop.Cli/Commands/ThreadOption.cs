using System.CommandLine;
using System.Globalization;

namespace Outerloop.Cli.Commands;

/// <summary>Threads of a process that may be a job: by default all processors, or those that Slurm gives it.</summary>
internal static class ThreadOption
{
    private const string SlurmsProcessors = "SLURM_CPUS_ON_NODE";

    public static Option<int> Create() => new("--threads") { Description = $"threads [all processors, or {SlurmsProcessors}]; the result does not depend on it", HelpName = "N", DefaultValueFactory = _ => Default };

    /// <exception cref="InputException">It is no number of threads.</exception>
    public static int Of(ParseResult parsed, Option<int> option) => parsed.Within(option, 1, 1024);

    private static int Default =>
        int.TryParse(Environment.GetEnvironmentVariable(SlurmsProcessors), NumberStyles.None, CultureInfo.InvariantCulture, out int given) && given >= 1
            ? Math.Min(given, Environment.ProcessorCount)
            : Environment.ProcessorCount;
}
