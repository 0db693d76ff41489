using System.Diagnostics;
using System.Text.Json;

namespace Outerloop.Cli.Commands.Bench.Gateway;

/// <summary>A gateway as a process of its own, as a user starts it: its memory and processor time are seen from outside.</summary>
internal sealed class ServedProcess : IDisposable
{
    private readonly Process _process;

    private ServedProcess(Process process, Uri url, string model)
    {
        _process = process;
        Url = url;
        Model = model;
    }

    /// <summary>The API's base.</summary>
    public Uri Url { get; }

    /// <summary>The last of the models that it serves: of a run, the alias. Empty where it serves none.</summary>
    public string Model { get; }

    public double CpuSeconds
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime.TotalSeconds;
        }
    }

    /// <summary>Resident now.</summary>
    public double Megabytes
    {
        get
        {
            _process.Refresh();
            return Math.Round(_process.WorkingSet64 / 1048576.0, 1);
        }
    }

    /// <param name="arguments">Of <c>serve</c>, without the port.</param>
    /// <param name="cancellation">Stops waiting for it.</param>
    /// <exception cref="OutsideException">It does not start.</exception>
    public static async Task<ServedProcess> Start(IEnumerable<string> arguments, CancellationToken cancellation)
    {
        string[] command = OwnProgram.Command(["serve", "--json", "--port", "0", .. arguments]);
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            Environment =
            {
                ["DOTNET_TieredPGO"] = "1", // as the program's script has it
                ["DOTNET_GCgen0size"] = "4000000",
                ["DOTNET_ThreadPool_UnfairSemaphoreSpinLimit"] = "0",
            },
        };
        Process process = Process.Start(start)!;
        try
        {
            string line = await process.StandardOutput.ReadLineAsync(cancellation) ?? throw new OutsideException("the gateway did not start");
            using var said = JsonDocument.Parse(line);
            string model = said.RootElement.GetProperty("models").EnumerateArray().Select(one => one.GetString()!).LastOrDefault("");
            return new ServedProcess(process, new Uri(said.RootElement.GetProperty("url").GetString()!), model);
        }
        catch
        {
            End(process);
            throw;
        }
    }

    public void Dispose() => End(_process);

    private static void End(Process process)
    {
        if (!process.HasExited)
            process.Kill();
        process.Dispose();
    }
}
