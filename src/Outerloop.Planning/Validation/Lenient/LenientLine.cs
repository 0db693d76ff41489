using System.Collections.Immutable;

namespace Outerloop.Planning.Validation.Lenient;

internal enum LineKind
{
    Blank,
    Prose,

    /// <summary>Begins or ends a code block.</summary>
    Fence,

    /// <summary>Begins a code block and names its language, so that it never ends one.</summary>
    NamedFence,

    /// <summary>Says that a plan follows, see <see cref="Lenient.Announcement"/>.</summary>
    Announcement,
    Steps,

    /// <summary>Begins like a step and is none, e.g. because it never closes its parenthesis.</summary>
    Broken,
}

/// <summary>One line of free text and what it is taken for.</summary>
/// <param name="Kind">What the line is.</param>
/// <param name="Steps">Its steps, if it holds any.</param>
/// <param name="Number">The number in front of the steps, if there is one.</param>
/// <param name="HasRemark">Whether a remark follows the steps.</param>
/// <param name="Announces">Whether the line of steps itself says that they are a plan.</param>
internal sealed record LenientLine(
    LineKind Kind, ImmutableArray<PlanStep> Steps, int? Number = null, bool HasRemark = false, bool Announces = false)
{
    public static readonly LenientLine Blank = new(LineKind.Blank, []);
    public static readonly LenientLine Prose = new(LineKind.Prose, []);
    public static readonly LenientLine Fence = new(LineKind.Fence, []);
    public static readonly LenientLine NamedFence = new(LineKind.NamedFence, []);
    public static readonly LenientLine Announcement = new(LineKind.Announcement, []);
    public static readonly LenientLine Broken = new(LineKind.Broken, []);
}
