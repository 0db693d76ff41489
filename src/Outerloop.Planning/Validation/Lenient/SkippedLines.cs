using System.Collections.Immutable;

namespace Outerloop.Planning.Validation.Lenient;

/// <summary>Collects the lines that are passed over; joins neighbours that are so for the same reason.</summary>
internal sealed class SkippedLines(List<TextLine> lines)
{
    private const int ExcerptLength = 80;

    private readonly ImmutableArray<SkippedText>.Builder found = ImmutableArray.CreateBuilder<SkippedText>();

    /// <param name="index">0-based.</param>
    /// <param name="reason">Why the line is passed over.</param>
    public void Add(int index, SkipReason reason)
    {
        if (found.Count > 0 && found[^1].Reason == reason && found[^1].LastLine == index)
            found[^1] = found[^1] with { LastLine = index + 1 };
        else
            found.Add(new SkippedText(index + 1, index + 1, Excerpt(lines[index].Text.Trim()), reason));
    }

    public ImmutableArray<SkippedText> ToImmutable() => found.ToImmutable();

    private static string Excerpt(string line) => line.Length <= ExcerptLength ? line : $"{line[..ExcerptLength]}…";
}
