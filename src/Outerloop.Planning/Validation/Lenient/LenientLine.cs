using System.Collections.Immutable;

namespace Outerloop.Planning.Validation.Lenient;

internal enum LineKind
{
    Blank,
    Prose,
    Fence,

    /// <summary>Says that a plan follows, e.g. <c>**Final plan:**</c> or <c>&lt;answer&gt;</c>.</summary>
    Announcement,
    Steps,

    /// <summary>Begins like a step and never closes its parenthesis.</summary>
    Broken,
}

/// <summary>One line of free text and what it is taken for.</summary>
/// <param name="Kind">What the line is.</param>
/// <param name="Steps">Its steps, if it holds any.</param>
/// <param name="Number">The number in front of the steps, if there is one.</param>
/// <param name="HasRemark">Whether a remark follows the steps.</param>
internal sealed record LenientLine(LineKind Kind, ImmutableArray<PlanStep> Steps, int? Number = null, bool HasRemark = false)
{
    private static readonly string[] AnnouncingWords = ["plan", "answer", "solution", "actions", "steps"];

    private const int LongestAnnouncement = 80;

    private static readonly LenientLine Blank = new(LineKind.Blank, []);
    private static readonly LenientLine Fence = new(LineKind.Fence, []);

    public static readonly LenientLine Broken = new(LineKind.Broken, []);
    public static readonly LenientLine Prose = new(LineKind.Prose, []);

    public static LenientLine Read(string line, int number)
    {
        var trimmed = line.AsSpan().Trim();
        if (trimmed.IsEmpty)
            return Blank;
        if (trimmed.StartsWith("```") || trimmed.StartsWith("~~~"))
            return Fence;
        var steps = new StepLineScanner(line, number).Scan();
        return steps.Kind == LineKind.Prose && Announces(trimmed) ? steps with { Kind = LineKind.Announcement } : steps;
    }

    /// <summary>A tag such as <c>&lt;plan&gt;</c>, or a short heading that names a plan: it is marked as one or ends in a colon.</summary>
    private static bool Announces(ReadOnlySpan<char> line)
    {
        if (line.Length > LongestAnnouncement)
            return false;
        if (line[0] == '<')
            return line[^1] == '>' && line[1] != '/' && NamesPlan(line);
        var bare = line.TrimEnd("*_ ");
        var marked = line[0] == '#' || line.StartsWith("**") || bare.EndsWith(":");
        return marked && NamesPlan(line);
    }

    private static bool NamesPlan(ReadOnlySpan<char> line)
    {
        foreach (var word in AnnouncingWords)
        {
            var at = line.IndexOf(word, StringComparison.OrdinalIgnoreCase);
            if (at >= 0 && (at == 0 || !char.IsAsciiLetter(line[at - 1])))
                return true;
        }

        return false;
    }
}
