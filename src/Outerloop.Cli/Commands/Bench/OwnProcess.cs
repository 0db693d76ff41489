using System.Diagnostics;

namespace Outerloop.Cli.Commands.Bench;

/// <summary>This program as a process of its own, as a user starts it.</summary>
internal static class OwnProcess
{
    /// <summary>Runs to the end, with what it prints thrown away.</summary>
    /// <exception cref="InputException">It ended with another code than those expected.</exception>
    public static void Run(IEnumerable<string> arguments, params ReadOnlySpan<int> expected)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (Path.GetFileNameWithoutExtension(start.FileName) == "dotnet")
            start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "Outerloop.Cli.dll"));
        foreach (string argument in arguments)
            start.ArgumentList.Add(argument);
        using Process process = Process.Start(start)!;
        process.OutputDataReceived += static (_, _) => { };
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        process.WaitForExit();
        if (!expected.Contains(process.ExitCode))
            throw new InputException($"{string.Join(' ', start.ArgumentList)}: exit code {process.ExitCode}");
    }
}
