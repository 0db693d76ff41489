using System.Diagnostics;
using Outerloop.Cli.Tests.Support;

namespace Outerloop.Cli.Tests;

/// <summary>Needs a small disk of its own, which only root can mount.</summary>
public sealed class SmallDiskFactAttribute : FactAttribute
{
    public SmallDiskFactAttribute()
    {
        if (!OperatingSystem.IsLinux() || Environment.UserName != "root")
            Skip = "not run: mounting a small tmpfs needs root on Linux";
    }
}

public sealed class FullDiskTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SmallDiskFact]
    public async Task A_full_disk_stops_the_run_with_a_message_and_a_larger_one_lets_it_go_on()
    {
        string[] settings = ["--json", "--tasks", "80", "--held-out", "12", "--larger", "4", "--generations", "1", "--trainer-min-steps", "5"];
        CliResult whole = await OuterloopProcess.Run(["run", .. settings, "--out", _folder.File("whole")]);

        string disk = _folder.File("disk"), run = Path.Combine(disk, "run");
        Directory.CreateDirectory(disk);
        Mount("-t", "tmpfs", "-o", "size=200k", "tmpfs", disk);
        try
        {
            AssertStopped(await OuterloopProcess.Run(["run", .. settings, "--out", run]));
            Mount("-o", "remount,size=1200k", disk);
            AssertStopped(await OuterloopProcess.Run(["run", "--json", "--resume", "--out", run]));
            Mount("-o", "remount,size=64m", disk);
            CliResult resumed = await OuterloopProcess.Run("run", "--json", "--resume", "--out", run);
            Assert.True(resumed.ExitCode == 0, resumed.Messages);
            Assert.Equal(OuterloopProcess.Figures(whole), OuterloopProcess.Figures(resumed));
        }
        finally
        {
            Start("umount", disk);
        }
    }

    private static void AssertStopped(CliResult result)
    {
        Assert.True(result.ExitCode == 3, result.Messages);
        Assert.DoesNotContain("   at ", result.Messages);
        Assert.Empty(result.Output);
    }

    private static void Mount(params string[] arguments) => Assert.Equal(0, Start("mount", arguments));

    private static int Start(string program, params string[] arguments)
    {
        using Process process = Process.Start(program, arguments);
        process.WaitForExit();
        return process.ExitCode;
    }
}
