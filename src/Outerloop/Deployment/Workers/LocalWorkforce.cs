using System.Diagnostics;
using System.Globalization;
using Outerloop.Storage;

namespace Outerloop.Deployment.Workers;

/// <summary>
/// Workers as processes on this machine. Each ends when its standard input does, and so with this process, whatever ends it. One
/// that dies is started again, a few times.
/// </summary>
/// <param name="count">How many.</param>
/// <param name="command">The program of each worker, from 0 on, and its arguments.</param>
/// <param name="logs">The folder for what they say.</param>
/// <param name="notices">Is told of those that die.</param>
public sealed class LocalWorkforce(int count, Func<int, IReadOnlyList<string>> command, string logs, IProgress<string> notices) : IWorkforce
{
    private const int DeathsEach = 3;

    private static readonly TimeSpan TimeToStop = TimeSpan.FromSeconds(30);

    private readonly Process?[] _workers = new Process?[count];
    private int _deaths;

    public Task Maintain(RunStore store, OwedPart part, CancellationToken cancellation)
    {
        for (int i = 0; i < count; i++)
        {
            if (_workers[i] is { HasExited: true } dead)
                Bury(dead, i);
            _workers[i] ??= Start(i);
        }

        return Task.CompletedTask;
    }

    public async Task Dismiss()
    {
        Process[] workers = [.. _workers.OfType<Process>()];
        Array.Clear(_workers);
        foreach (Process worker in workers)
            worker.StandardInput.Close();
        using var patience = new CancellationTokenSource(TimeToStop);
        await Task.WhenAll(workers.Select(worker => End(worker, patience.Token)));
    }

    private static async Task End(Process worker, CancellationToken patience)
    {
        using (worker)
        {
            try
            {
                await worker.WaitForExitAsync(patience);
            }
            catch (OperationCanceledException)
            {
                worker.Kill(entireProcessTree: true);
            }
        }
    }

    private Process Start(int index)
    {
        Directory.CreateDirectory(logs);
        // The shell appends what the worker says to its file, and becomes the worker.
        var start = new ProcessStartInfo("/bin/sh", ["-c", "log=$1; shift; exec \"$@\" >>\"$log\" 2>&1", "sh", LogOf(index), .. command(index)]) { UseShellExecute = false, RedirectStandardInput = true };
        return Process.Start(start)!;
    }

    private void Bury(Process dead, int index)
    {
        int code = dead.ExitCode;
        dead.Dispose();
        _workers[index] = null;
        if (++_deaths > DeathsEach * count)
            throw new OutsideException($"workers end again and again, the last with {code}; what they say is in {logs}, the end of it:\n{LastLines.Of(LogOf(index))}");
        notices.Report($"worker {index + 1} ended with {code}; another takes its place");
    }

    private string LogOf(int index) => Path.Combine(logs, string.Create(CultureInfo.InvariantCulture, $"{index + 1}.log"));
}
