using System.Collections.Immutable;

namespace Outerloop.Planning.Validation;

/// <summary>What is to be said of one row of a batch.</summary>
/// <param name="Plan">The plan as the batch names it.</param>
/// <param name="Verdict">The verdict.</param>
/// <param name="Skipped">What a lenient reading passed over.</param>
public sealed record BatchVerdict(string Plan, Verdict Verdict, ImmutableArray<SkippedText> Skipped);
