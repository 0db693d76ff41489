using System.Diagnostics;

namespace Outerloop.Tests.Servers;

/// <summary>
/// A server that a script beside this file starts for the tests of this process. The script ends with its standard input, and so
/// with the process, whatever ends that.
/// </summary>
internal sealed class TestServer
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly Process _script;

    private TestServer(Process script, string folder, string said)
    {
        _script = script;
        Folder = folder;
        Said = said;
    }

    /// <summary>Where the server keeps all that it has; gone when it ends.</summary>
    public string Folder { get; }

    /// <summary>What it says of itself when it is ready.</summary>
    public string Said { get; }

    /// <summary>Ends it without a goodbye to those that are connected.</summary>
    public async Task Stop()
    {
        _script.StandardInput.Close();
        await _script.WaitForExitAsync();
    }

    public static async Task<TestServer> Start(string script)
    {
        string folder = Directory.CreateTempSubdirectory($"outerloop-{Path.GetFileNameWithoutExtension(script)}-").FullName;
        var start = new ProcessStartInfo("bash", [Path.Combine(AppContext.BaseDirectory, "servers", script), folder])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        Process process = Process.Start(start)!;
        using var patience = new CancellationTokenSource(Patience);
        string? said = await process.StandardOutput.ReadLineAsync(patience.Token);
        return said?.StartsWith("ready ", StringComparison.Ordinal) == true
            ? new TestServer(process, folder, said["ready ".Length..])
            : throw new InvalidOperationException($"{script} said '{said}' and not that it is ready");
    }
}
