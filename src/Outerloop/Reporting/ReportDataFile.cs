using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Outerloop.Configuration;
using Outerloop.Planning.Domains;
using Outerloop.Runs;

namespace Outerloop.Reporting;

/// <summary>Figures of a run as they were once.</summary>
/// <param name="At">When they were computed.</param>
/// <param name="Took">How long that took.</param>
/// <param name="Stamp">What the run's files were like then; null where that cannot be told.</param>
public sealed record KnownReport(ReportData Data, DateTimeOffset At, TimeSpan Took, string? Stamp);

/// <summary>
/// Figures of a run in a file of its folder. The first line has the program that made it and a hash of the rest, which is JSON: a file
/// that is damaged, of another program, or of a run with other settings is as good as none.
/// </summary>
public static class ReportDataFile
{
    /// <summary>Bytes; figures of the largest runs are a hundredth of it.</summary>
    private const long Largest = 256 << 20;

    private static readonly JsonSerializerOptions Options = new()
    {
        Converters = { new TaskIdConverter(), new TraceIdConverter() },
        IgnoreReadOnlyProperties = true,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    /// <summary>Figures depend on the code that computes them: another build has others.</summary>
    private static string Program { get; } =
        $"outerloop {typeof(ReportDataFile).Module.ModuleVersionId:n} {typeof(PlanningDomain).Module.ModuleVersionId:n}";

    /// <summary>What is known of a run; null where there is nothing that can be used.</summary>
    public static KnownReport? Read(string run)
    {
        try
        {
            var file = new FileInfo(RunFolder.FiguresOf(run));
            if (!file.Exists || file.Length > Largest)
                return null;
            string[] parts = File.ReadAllText(file.FullName).Split('\n', 2);
            return parts.Length == 2 && parts[0] == HeaderOf(parts[1]) && JsonSerializer.Deserialize<KnownReport>(parts[1], Options) is { } known && IsOf(run, known.Data)
                ? known with { Data = known.Data with { Run = run } }
                : null;
        }
        catch (Exception unusable) when (unusable is IOException or UnauthorizedAccessException or JsonException or NotSupportedException or ArgumentException or FormatException)
        {
            return null;
        }
    }

    /// <summary>Where the folder cannot be written, figures are computed again next time.</summary>
    public static void Write(string run, KnownReport known)
    {
        string body = JsonSerializer.Serialize(known, Options);
        try
        {
            AtomicFile.Write(RunFolder.FiguresOf(run), $"{HeaderOf(body)}\n{body}");
        }
        catch (OutsideException)
        {
            return;
        }
    }

    /// <summary>The folder may have another run by now.</summary>
    private static bool IsOf(string run, ReportData data)
    {
        RunSettings settings = RunFolder.SettingsAt(run);
        return data.Settings == RunFile.Print(settings) && data.Domains.Select(report => report.Domain).SequenceEqual(settings.Domains);
    }

    private static string HeaderOf(string body) => $"{Program} {Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(body)))}";
}
