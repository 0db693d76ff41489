using System.Globalization;
using System.Text.RegularExpressions;

namespace Outerloop.Slurm;

/// <summary>A job to be submitted.</summary>
/// <param name="Name">Which no other job has, so that it can be found before its id is known here.</param>
/// <param name="Script">The text of the batch script.</param>
/// <param name="Log">The file for what it says, on a file system that the nodes see; <c>%j</c> stands for its id.</param>
/// <param name="Copies">So many tasks of an array; null for a job by itself.</param>
public sealed record JobRequest(string Name, string Script, string Log, int? Copies = null);

/// <summary>Slurm, by its commands: <c>sbatch</c>, <c>squeue</c>, <c>scontrol</c>, <c>sacct</c> where there is accounting, <c>scancel</c>.</summary>
/// <param name="commands">The folder of the commands; empty for the PATH.</param>
public sealed partial class SlurmCluster(string commands = "")
{
    private const string Unknown = "Invalid job id";

    private readonly SlurmCommands _commands = new(commands);

    /// <returns>The job's id.</returns>
    /// <exception cref="OutsideException">Slurm does not take it.</exception>
    public async Task<string> Submit(JobRequest job, string scriptFile)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(scriptFile)!);
        AtomicFile.Write(scriptFile, job.Script);
        // A job that a node's failure ended is submitted again from here: Slurm would make it wait.
        List<string> arguments = ["--parsable", "--no-requeue", $"--job-name={job.Name}", $"--output={job.Log}"];
        if (job.Copies is { } copies)
            arguments.Add(string.Create(CultureInfo.InvariantCulture, $"--array=1-{copies}"));
        SlurmAnswer answer = await _commands.Run("sbatch", [.. arguments, scriptFile]);
        Match id = JobId().Match(answer.Output);
        return answer.ExitCode == 0 && id.Success
            ? id.Groups["id"].Value
            : throw new OutsideException($"sbatch {scriptFile}: {Words(answer)}");
    }

    /// <summary>The state of a job; null if Slurm gives no answer now.</summary>
    public async Task<JobState?> StateOf(string id)
    {
        SlurmAnswer shown = await _commands.Run("scontrol", "show", "job", "--oneliner", id);
        if (shown.ExitCode == 0)
            return ReadState(ShownState().Match(shown.Output));
        if (!shown.Error.Contains(Unknown, StringComparison.OrdinalIgnoreCase))
            return null;
        // The controller forgets jobs some minutes after their end; accounting, where there is any, does not.
        SlurmAnswer accounted = await AskAccounting(id);
        return accounted.ExitCode == 0 && AccountedState().Match(accounted.Output) is { Success: true } known ? ReadState(known) : JobState.Forgotten;
    }

    /// <summary>How many tasks of the jobs of a name wait or run; null if Slurm gives no answer now.</summary>
    public async Task<int?> Alive(string name, CancellationToken cancellation)
    {
        SlurmAnswer answer = await _commands.Run("squeue", cancellation, "--array", "--noheader", $"--name={name}", "--format=%T");
        return answer.ExitCode == 0
            ? answer.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Count(state => new JobState(state.Trim()).End == JobEnd.None)
            : null;
    }

    /// <summary>The jobs of a name that wait or run.</summary>
    public async Task<IReadOnlyList<string>> Find(string name)
    {
        SlurmAnswer answer = await _commands.Run("squeue", "--noheader", $"--name={name}", "--format=%F");
        return answer.ExitCode == 0
            ? [.. answer.Output.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Distinct()]
            : throw new OutsideException($"squeue: {Words(answer)}");
    }

    /// <summary>The latest of them; null if there is none.</summary>
    public async Task<string?> FindLast(string name) => await Find(name) is [.., var last] ? last : null;

    /// <summary>Ends a job; one that has ended stays as it is.</summary>
    public Task Cancel(string id) => _commands.Run("scancel", "--quiet", id);

    /// <summary>Ends all jobs of a name.</summary>
    public Task CancelNamed(string name) => _commands.Run("scancel", "--quiet", $"--name={name}");

    private async Task<SlurmAnswer> AskAccounting(string id)
    {
        try
        {
            return await _commands.Run("sacct", "--allocations", "--noheader", "--parsable2", "--format=State,ExitCode", $"--jobs={id}");
        }
        catch (OutsideException problem)
        {
            return new SlurmAnswer(-1, "", problem.Message);
        }
    }

    private static JobState ReadState(Match match) => new(
        match.Groups["state"].Value,
        int.TryParse(match.Groups["code"].Value, NumberStyles.None, CultureInfo.InvariantCulture, out int code) ? code : -1);

    private static string Words(SlurmAnswer answer)
    {
        string said = (answer.Error.Length > 0 ? answer.Error : answer.Output).Trim();
        return said.Length > 0 ? said : string.Create(CultureInfo.InvariantCulture, $"ended with {answer.ExitCode}");
    }

    /// <summary>The id stands alone, or before the cluster's name.</summary>
    [GeneratedRegex(@"^(?<id>[0-9]+)(;.*)?$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex JobId();

    [GeneratedRegex(@"\bJobState=(?<state>[A-Z_]+).*?(\bExitCode=(?<code>[0-9]+):|$)", RegexOptions.ExplicitCapture | RegexOptions.Singleline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ShownState();

    /// <summary><c>CANCELLED by 1000|0:15</c></summary>
    [GeneratedRegex(@"^(?<state>[A-Z_]+)[^|\n]*\|(?<code>[0-9]+):", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex AccountedState();
}
