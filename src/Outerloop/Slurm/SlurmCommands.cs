using System.Diagnostics;

namespace Outerloop.Slurm;

/// <summary>What a command of Slurm said.</summary>
internal sealed record SlurmAnswer(int ExitCode, string Output, string Error);

/// <summary>Runs Slurm's commands.</summary>
/// <param name="folder">Where they are; empty for the PATH.</param>
internal sealed class SlurmCommands(string folder = "")
{
    /// <exception cref="OutsideException">There is no such command.</exception>
    public Task<SlurmAnswer> Run(string command, params IEnumerable<string> arguments) => Run(command, CancellationToken.None, arguments);

    /// <summary>A cancellation ends the command, not what it has told Slurm.</summary>
    /// <exception cref="OutsideException">There is no such command.</exception>
    public async Task<SlurmAnswer> Run(string command, CancellationToken cancellation, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(Path.Combine(folder, command), arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = new Process { StartInfo = start };
        try
        {
            process.Start();
        }
        catch (System.ComponentModel.Win32Exception problem)
        {
            throw new OutsideException($"{command}: {problem.Message}; jobs are given to Slurm from a machine that has its commands", problem);
        }

        Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
        try
        {
            await process.WaitForExitAsync(cancellation);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        return new SlurmAnswer(process.ExitCode, await output, await error);
    }
}
