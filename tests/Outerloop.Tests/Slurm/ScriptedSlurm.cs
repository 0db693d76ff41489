using Outerloop.Slurm;
using Outerloop.Tests.Support;

namespace Outerloop.Tests.Slurm;

/// <summary>
/// Slurm's commands as scripts that say what a test wants: each runs the lines that it is given, with its arguments as <c>$@</c>,
/// and puts down that it was called.
/// </summary>
internal sealed class ScriptedSlurm : IDisposable
{
    public const string NoAccounting = "echo 'Slurm accounting storage is disabled' >&2; exit 1";
    public const string NotKnown = "echo 'slurm_load_jobs error: Invalid job id specified' >&2; exit 1";
    public const string NoController = "echo 'slurm_load_jobs error: Unable to contact slurm controller (connect failure)' >&2; exit 1";

    private readonly TemporaryFolder _folder = new();

    public ScriptedSlurm()
    {
        Says("sbatch", "echo 41");
        Says("scontrol", "echo 'JobId=41 JobName=x JobState=COMPLETED Reason=None ExitCode=0:0'");
        Says("squeue", "true");
        Says("sacct", NoAccounting);
        Says("scancel", "true");
    }

    public SlurmCluster Cluster => new(_folder.Path);

    /// <summary>The calls so far, a line each.</summary>
    public string[] Calls => File.Exists(_folder.File("calls")) ? File.ReadAllLines(_folder.File("calls")) : [];

    public string Path(string name) => _folder.File(name);

    public void Says(string command, string lines)
    {
        string file = _folder.File(command);
        File.WriteAllText(file, $"#!/bin/bash\ncd {_folder.Path}\necho \"{command} $*\" >>calls\n{lines}\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    public void Dispose() => _folder.Dispose();
}
