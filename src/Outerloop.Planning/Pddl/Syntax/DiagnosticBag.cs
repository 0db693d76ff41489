using System.Collections.Immutable;

namespace Outerloop.Planning.Pddl.Syntax;

/// <summary>
/// Collects errors by their offset in one text. Offsets become lines and columns once, in a single sweep at the end,
/// so that a text with many errors costs no more than one with few.
/// </summary>
internal sealed class DiagnosticBag(SourceText source)
{
    /// <summary>A reader learns nothing more from further errors, and hostile text could make millions.</summary>
    public const int Limit = 100;

    private const int LongestLineShown = 160;

    private readonly List<Entry> entries = [];

    private readonly record struct Entry(int Offset, string Code, string Message, string? Suggestion);

    public int Count => entries.Count;

    public bool IsEmpty => entries.Count == 0;

    public bool IsFull => entries.Count >= Limit;

    public void Add(string code, int offset, string message, string? suggestion = null)
    {
        if (!IsFull)
            entries.Add(new Entry(offset, code, message, suggestion));
    }

    public ImmutableArray<Diagnostic> ToDiagnostics()
    {
        var result = ImmutableArray.CreateBuilder<Diagnostic>(entries.Count);
        var lines = new LineSweep(source.Text);
        foreach (var entry in entries.OrderBy(e => e.Offset))
        {
            lines.AdvanceTo(entry.Offset);
            result.Add(Locate(entry, lines));
        }

        return result.MoveToImmutable();
    }

    private Diagnostic Locate(Entry entry, LineSweep lines)
    {
        var column = entry.Offset - lines.Start + 1;
        var line = lines.CurrentLine();
        var skipped = 0;
        if (line.Length > LongestLineShown)
        {
            skipped = Math.Clamp(column - (LongestLineShown / 2), 0, line.Length - LongestLineShown);
            line = line.Slice(skipped, LongestLineShown);
        }

        return new Diagnostic(
            source.File, lines.Number, column, entry.Code, entry.Message, Printable(line), column - skipped, entry.Suggestion);
    }

    private static string Printable(ReadOnlySpan<char> line) =>
        string.Create(line.Length, line, static (target, from) =>
        {
            for (var i = 0; i < from.Length; i++)
                target[i] = char.IsControl(from[i]) && from[i] != '\t' ? '\uFFFD' : from[i];
        });
}
