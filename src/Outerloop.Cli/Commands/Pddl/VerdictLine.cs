using System.Globalization;
using System.Text.Json;
using Outerloop.Planning.Validation;

namespace Outerloop.Cli.Commands.Pddl;

/// <summary>What <c>validate</c> prints of a plan as JSON.</summary>
/// <param name="Plan">The plan as the user named it.</param>
/// <param name="Verdict"><c>valid</c>, <c>invalid</c>, <c>malformed</c>, <c>unsupported</c> or <c>error</c>.</param>
/// <param name="Step">1-based.</param>
/// <param name="Reason">A stable code.</param>
/// <param name="Message">One sentence.</param>
/// <param name="Cost">The value of the metric, or the number of steps.</param>
/// <param name="Skipped">What a lenient reading passed over.</param>
internal sealed record VerdictLine(
    string Plan, string Verdict, int? Step, string? Reason, string Message, double? Cost, IReadOnlyList<SkippedLines>? Skipped)
{
    public static VerdictLine Of(BatchVerdict row) => new(
        row.Plan,
        Name(row.Verdict.Kind),
        row.Verdict.Step,
        row.Verdict.Reason,
        row.Verdict.Message,
        row.Verdict.Cost is { } cost && double.IsFinite(cost) ? cost : null,
        row.Skipped.IsEmpty ? null : [.. row.Skipped.Select(SkippedLines.Of)]);

    /// <summary>The same as a line for people.</summary>
    public string ToText() => Cost is null
        ? $"{Plan}: {Verdict}: {Message}"
        : string.Create(CultureInfo.InvariantCulture, $"{Plan}: {Verdict}, cost {Cost}");

    public void WriteMembers(Utf8JsonWriter json)
    {
        json.WriteString("plan", Plan);
        json.WriteString("verdict", Verdict);
        if (Step is { } step)
            json.WriteNumber("step", step);
        if (Reason is not null)
            json.WriteString("reason", Reason);
        json.WriteString("message", Message);
        if (Cost is { } cost)
            json.WriteNumber("cost", cost);
        if (Skipped is null)
            return;
        json.WriteStartArray("skipped");
        foreach (SkippedLines lines in Skipped)
            lines.Write(json);
        json.WriteEndArray();
    }

    private static string Name(VerdictKind kind) => kind switch
    {
        VerdictKind.Valid => "valid",
        VerdictKind.Invalid => "invalid",
        VerdictKind.Malformed => "malformed",
        VerdictKind.Unsupported => "unsupported",
        _ => "error",
    };
}

/// <summary>Lines that a lenient reading passed over, and why.</summary>
internal sealed record SkippedLines(int FirstLine, int LastLine, string Reason, string Excerpt)
{
    public static SkippedLines Of(SkippedText text) => new(text.FirstLine, text.LastLine, Name(text.Reason), text.Excerpt);

    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteNumber("firstLine", FirstLine);
        json.WriteNumber("lastLine", LastLine);
        json.WriteString("reason", Reason);
        json.WriteString("excerpt", Excerpt);
        json.WriteEndObject();
    }

    private static string Name(SkipReason reason) => reason switch
    {
        SkipReason.Thinking => "thinking",
        SkipReason.Prose => "prose",
        SkipReason.OutsideCodeBlock => "outside-code-block",
        SkipReason.EarlierAttempt => "earlier-attempt",
        _ => "remark",
    };
}
