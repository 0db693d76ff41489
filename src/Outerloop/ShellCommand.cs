using System.Diagnostics;

namespace Outerloop;

/// <summary>How a command ended.</summary>
/// <param name="Tail">Its last lines, of standard output and standard error.</param>
public sealed record ShellResult(int ExitCode, string Tail);

/// <summary>A command line of the user's, with <c>{names}</c> that stand for values.</summary>
public sealed class ShellCommand
{
    /// <exception cref="InputException">A name in braces stands for nothing.</exception>
    public ShellCommand(string template, IReadOnlyDictionary<string, string> values) => Line = Placeholders.Fill(template, values, Quoted);

    private ShellCommand(string line) => Line = line;

    /// <summary>A program and its arguments, whatever they hold.</summary>
    public static ShellCommand Of(IEnumerable<string> words) => new(string.Join(' ', words.Select(Quoted)));

    /// <summary>The line that the shell is given.</summary>
    public string Line { get; }

    /// <summary>Runs it with <c>sh -c</c>. A cancellation ends it and what it started.</summary>
    /// <param name="heard">Is told each line that it prints.</param>
    /// <exception cref="OutsideException">There is no shell.</exception>
    public async Task<ShellResult> Run(Action<string> heard, CancellationToken cancellation)
    {
        var tail = new LastLines();
        void Hear(string? line)
        {
            if (line is null)
                return;
            lock (tail)
            {
                tail.Add(line);
                heard(line);
            }
        }

        using var process = new Process { StartInfo = new ProcessStartInfo("/bin/sh", ["-c", Line]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true } };
        process.OutputDataReceived += (_, data) => Hear(data.Data);
        process.ErrorDataReceived += (_, data) => Hear(data.Data);
        await Wait(process, cancellation);
        lock (tail)
            return new ShellResult(process.ExitCode, tail.ToString());
    }

    private static async Task Wait(Process process, CancellationToken cancellation)
    {
        try
        {
            process.Start();
        }
        catch (System.ComponentModel.Win32Exception problem)
        {
            throw new OutsideException($"no shell to run the command with: {problem.Message}", problem);
        }

        process.StandardInput.Close();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        try
        {
            await process.WaitForExitAsync(cancellation);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    /// <summary>As one word of the shell.</summary>
    private static string Quoted(string value) =>
        value.Length > 0 && value.All(letter => char.IsAsciiLetterOrDigit(letter) || "-_./:=,+@%".Contains(letter, StringComparison.Ordinal))
            ? value
            : $"'{value.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
