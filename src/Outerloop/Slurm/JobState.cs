namespace Outerloop.Slurm;

/// <summary>What has become of a job.</summary>
public enum JobEnd
{
    /// <summary>It waits or runs.</summary>
    None,

    /// <summary>It has ended with 0.</summary>
    Completed,

    /// <summary>The cluster has ended it for reasons of its own: a node failed, or was wanted by others.</summary>
    Lost,

    /// <summary>It has failed, run out of time or memory, or was cancelled.</summary>
    Failed,

    /// <summary>Nobody knows it any more.</summary>
    Forgotten,
}

/// <summary>The state of a job, as Slurm has it.</summary>
/// <param name="Name">Slurm's word: <c>RUNNING</c>, <c>NODE_FAIL</c>.</param>
/// <param name="ExitCode">Of the job's script, or -1 where there is none.</param>
public sealed record JobState(string Name, int ExitCode = -1)
{
    public static JobState Forgotten { get; } = new("FORGOTTEN");

    public JobEnd End => Name switch
    {
        "COMPLETED" => JobEnd.Completed,
        "NODE_FAIL" or "BOOT_FAIL" or "PREEMPTED" or "REVOKED" => JobEnd.Lost,
        "FAILED" or "CANCELLED" or "TIMEOUT" or "OUT_OF_MEMORY" or "DEADLINE" or "SPECIAL_EXIT" => JobEnd.Failed,
        "FORGOTTEN" => JobEnd.Forgotten,
        _ => JobEnd.None,
    };
}
