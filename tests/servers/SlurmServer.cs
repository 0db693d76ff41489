using System.Diagnostics;

namespace Outerloop.Tests.Servers;

/// <summary>Debian's Slurm with two nodes, one cluster for all tests of a process.</summary>
internal static class SlurmServer
{
    private static readonly string[] Programs = ["/usr/sbin/munged", "/usr/sbin/slurmctld", "/usr/sbin/slurmd", "/usr/bin/sbatch"];

    private static readonly Lazy<Task<TestServer>> Started = new(Start);

    /// <summary>Why tests cannot have it; null if they can.</summary>
    public static string? Absent { get; } =
        OperatingSystem.IsLinux() && Programs.All(File.Exists) ? null : "not run: Slurm is absent";

    /// <summary>From here on, Slurm's commands speak with it, those of processes that this one starts too.</summary>
    public static Task EnsureRunning() => Started.Value;

    /// <summary>What a command of Slurm prints.</summary>
    public static async Task<string> Ask(string command, params string[] arguments)
    {
        await EnsureRunning();
        using Process process = Process.Start(new ProcessStartInfo(command, arguments) { UseShellExecute = false, RedirectStandardOutput = true })!;
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return output.Trim();
    }

    private static async Task<TestServer> Start()
    {
        TestServer server = await TestServer.Start("slurm.sh");
        Environment.SetEnvironmentVariable("SLURM_CONF", server.Said);
        return server;
    }
}
