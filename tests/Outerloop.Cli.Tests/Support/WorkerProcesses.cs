using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Outerloop.Cli.Tests.Support;

/// <summary>The workers of a run on this machine, as their logs tell.</summary>
internal static partial class WorkerProcesses
{
    /// <summary>Those so far, the latest of each log first.</summary>
    public static IEnumerable<int> Of(string run)
    {
        string logs = Path.Combine(run, "workers");
        string said = Directory.Exists(logs) ? string.Concat(Directory.GetFiles(logs, "*.log").Select(File.ReadAllText)) : "";
        return Name().Matches(said).Select(match => int.Parse(match.Groups["pid"].Value, CultureInfo.InvariantCulture)).Reverse();
    }

    /// <summary>SIGKILL: no goodbye.</summary>
    public static void Kill(int process)
    {
        try
        {
            using Process worker = Process.GetProcessById(process);
            worker.Kill();
        }
        catch (ArgumentException)
        {
            return; // it has ended by itself
        }
    }

    [GeneratedRegex("^worker [^/]+/(?<pid>[0-9]+)/", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Name();
}
