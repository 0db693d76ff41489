using System.Collections.Immutable;
using Outerloop.Planning.Pddl;

namespace Outerloop.Planning.Validation;

/// <summary>A plan found in free text, and everything in the text that was not taken as part of it.</summary>
public sealed record LenientReading(Reading<Plan> Reading, ImmutableArray<SkippedText> Skipped);

/// <summary>Lines that were passed over.</summary>
/// <param name="FirstLine">1-based.</param>
/// <param name="LastLine">1-based, inclusive.</param>
/// <param name="Excerpt">The beginning of the first line.</param>
/// <param name="Reason">Why.</param>
public sealed record SkippedText(int FirstLine, int LastLine, string Excerpt, SkipReason Reason);

public enum SkipReason
{
    /// <summary>Inside a <c>&lt;think&gt;</c> section.</summary>
    Thinking,

    /// <summary>Not a step.</summary>
    Prose,

    /// <summary>Before or after the code block that holds the plan.</summary>
    OutsideCodeBlock,

    /// <summary>Steps before the last announcement of a plan, or before a numbering that starts anew.</summary>
    EarlierAttempt,

    /// <summary>A remark after a step on the same line.</summary>
    Remark,
}
