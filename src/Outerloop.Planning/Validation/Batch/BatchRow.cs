namespace Outerloop.Planning.Validation;

/// <summary>One plan of a batch: the paths of its domain, its problem and itself.</summary>
/// <param name="Name">The plan as the batch names it, for the output.</param>
/// <param name="Domain">Where the domain is.</param>
/// <param name="Problem">Where the problem is.</param>
/// <param name="Plan">Where the plan is.</param>
/// <param name="Fault">Why the row names no plan to judge, where that is so.</param>
public sealed record BatchRow(string Name, string Domain, string Problem, string Plan, string? Fault = null);
