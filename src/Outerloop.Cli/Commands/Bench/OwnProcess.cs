using System.Diagnostics;

namespace Outerloop.Cli.Commands.Bench;

/// <summary>This program as a process of its own, as a user starts it.</summary>
internal static class OwnProcess
{
    /// <summary>Runs to the end; what it says beside its output is thrown away.</summary>
    /// <returns>What it prints.</returns>
    /// <exception cref="InputException">It ended with another code than those expected.</exception>
    public static string Run(IEnumerable<string> arguments, params ReadOnlySpan<int> expected)
    {
        string[] command = OwnProgram.Command(arguments);
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginErrorReadLine();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return expected.Contains(process.ExitCode)
            ? output
            : throw new InputException($"{string.Join(' ', start.ArgumentList)}: exit code {process.ExitCode}");
    }
}
