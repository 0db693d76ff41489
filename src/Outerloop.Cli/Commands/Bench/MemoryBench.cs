using System.Diagnostics;
using System.Globalization;
using Outerloop.Planning.Validation;

namespace Outerloop.Cli.Commands.Bench;

/// <summary>How much memory one text takes at most.</summary>
/// <param name="Name">What the text holds.</param>
/// <param name="Verdict">What is said of it.</param>
/// <param name="Megabytes">The size of domain, problem and plan.</param>
/// <param name="Peak">Megabytes that the process takes at most.</param>
/// <param name="Ratio">By how many times its size the text raises the peak of a process that reads next to nothing.</param>
internal sealed record MemoryMeasurement(string Name, string Verdict, double Megabytes, double Peak, double Ratio);

/// <summary>The measurements of <c>bench pddl --memory</c>: each text is judged in a process of its own, which says what it took.</summary>
internal sealed class MemoryBench(CancellationToken cancellation)
{
    /// <summary>The option by which a process of this program is told to judge three files and print its peak.</summary>
    public const string PeakOption = "--peak-of";

    private const double Megabyte = 1e6;

    public IEnumerable<MemoryMeasurement> Run()
    {
        MemoryMeasurement least = Measure(HostileText.None, 0);
        return HostileText.All.Select(text => Measure(text, least.Peak)).Prepend(least);
    }

    /// <summary>In the process that is measured: judges the plan, and prints the verdict and the peak in bytes.</summary>
    public static void PrintPeak(string[] files, TextWriter output)
    {
        BatchVerdict verdict = new BatchValidator(new BatchOptions()).Judge(new BatchRow(files[2], files[0], files[1], files[2]));
        using var self = Process.GetCurrentProcess();
        output.WriteLine($"{verdict.Verdict.Kind.ToString().ToLowerInvariant()} {verdict.Verdict.Reason} {self.PeakWorkingSet64}");
    }

    private MemoryMeasurement Measure(HostileText text, double least)
    {
        cancellation.ThrowIfCancellationRequested();
        string folder = Directory.CreateTempSubdirectory("outerloop-bench-").FullName;
        try
        {
            var (files, bytes) = text.Write(folder);
            string[] answer = OwnProcess.Run(["bench", "pddl", PeakOption, .. files], 0).Trim().Split(' ');
            double peak = double.Parse(answer[^1], CultureInfo.InvariantCulture) / Megabyte, size = bytes / Megabyte;
            double ratio = least == 0 ? 0 : (peak - least) / size;
            return new MemoryMeasurement(text.Name, string.Join(' ', answer[..^1]).Trim(), Math.Round(size, 1), Math.Round(peak, 1), Math.Round(ratio, 1));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
