using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using System.Threading.Channels;

namespace Outerloop.Cli.Tests.Support;

/// <summary>What a process printed and how it ended.</summary>
internal sealed record CliResult(int ExitCode, string Output, string Messages)
{
    /// <summary>The messages' last line: what is left to say when all else is progress.</summary>
    public string LastMessage => Messages.TrimEnd().Split('\n')[^1];
}

/// <summary>The program as a process of its own, for what only a process can show.</summary>
internal sealed class OuterloopProcess : IDisposable
{
    private readonly Process _process;
    private readonly Task<string> _output;
    private readonly Task<string> _messages;
    private readonly StringBuilder _said = new();
    private readonly TaskCompletionSource _spoke = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();

    private OuterloopProcess(Process process)
    {
        _process = process;
        _output = ReadOutput();
        _messages = ReadMessages();
    }

    public static OuterloopProcess Start(params string[] arguments) => StartCommand(Command(arguments));

    private static string[] Command(string[] arguments) => ["dotnet", Path.Combine(AppContext.BaseDirectory, "Outerloop.Cli.dll"), .. arguments];

    private static OuterloopProcess StartCommand(string[] command)
    {
        // A shell starts its background jobs deaf to Ctrl-C, and their children are so too; the tests may run in one.
        string[] hearing = OperatingSystem.IsLinux() ? ["env", "--default-signal=INT", .. command] : command;
        var start = new ProcessStartInfo(hearing[0], hearing[1..])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        return new OuterloopProcess(Process.Start(start)!);
    }

    public static async Task<CliResult> Run(params string[] arguments)
    {
        using OuterloopProcess cli = Start(arguments);
        return await cli.End();
    }

    /// <summary>A script of the shell 'bash', in which <c>"$@"</c> is the program with its arguments.</summary>
    public static Task<CliResult> RunInShell(string script, params string[] arguments) => RunInBash(script, Command(arguments));

    /// <summary>The same, in which <c>"$@"</c> is another command.</summary>
    public static async Task<CliResult> RunInBash(string script, params string[] command)
    {
        using OuterloopProcess shell = StartCommand(["bash", "-c", script, "bash", .. command]);
        return await shell.End();
    }

    public async Task<CliResult> End()
    {
        await _process.WaitForExitAsync();
        return new CliResult(_process.ExitCode, await _output, await _messages);
    }

    /// <summary>Waits for the first of its output, or for its end.</summary>
    public Task Speaks() => Task.WhenAny(_spoke.Task, _output);

    /// <summary>Waits for a line of its messages with these words. False if it ends without one.</summary>
    public async Task<bool> Says(string words)
    {
        await foreach (string line in _lines.Reader.ReadAllAsync())
        {
            if (line.Contains(words, StringComparison.Ordinal))
                return true;
        }

        return false;
    }

    /// <summary>Its output so far.</summary>
    public string Said
    {
        get
        {
            lock (_said)
                return _said.ToString();
        }
    }

    /// <summary>True if the process ended by itself within the time.</summary>
    public async Task<bool> EndsWithin(TimeSpan time)
    {
        using var patience = new CancellationTokenSource(time);
        try
        {
            await _process.WaitForExitAsync(patience.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>SIGKILL: no goodbye.</summary>
    public void Kill() => _process.Kill();

    /// <summary>SIGINT, as Ctrl-C sends it.</summary>
    public void Interrupt()
    {
        using Process kill = Process.Start("kill", ["-INT", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    /// <summary>Leaves no process behind, also where a test fails.</summary>
    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.Dispose();
    }

    private async Task<string> ReadOutput()
    {
        char[] buffer = new char[4096];
        for (int count; (count = await _process.StandardOutput.ReadAsync(buffer)) > 0;)
        {
            lock (_said)
                _said.Append(buffer, 0, count);
            _spoke.TrySetResult();
        }

        return Said;
    }

    private async Task<string> ReadMessages()
    {
        var text = new StringBuilder();
        while (await _process.StandardError.ReadLineAsync() is { } line)
        {
            text.Append(line).Append('\n');
            _lines.Writer.TryWrite(line);
        }

        _lines.Writer.Complete();
        return text.ToString();
    }

    /// <summary>The figures of a run without what may differ: times and the folder.</summary>
    public static string Figures(CliResult result)
    {
        JsonNode run = JsonNode.Parse(result.Output)!;
        run.AsObject().Remove("run");
        foreach (JsonNode? domain in run["domains"]!.AsArray())
        {
            foreach (JsonNode? generation in domain!["generations"]!.AsArray())
                generation!.AsObject().Remove("seconds");
            foreach (JsonNode? cost in domain!["costs"]!.AsArray())
                cost!.AsObject().Remove("cpuSeconds");
        }

        return run.ToJsonString();
    }
}
