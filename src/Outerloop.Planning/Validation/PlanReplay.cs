using System.Collections.Immutable;
using Outerloop.Planning.Pddl;

namespace Outerloop.Planning.Validation;

/// <summary>A plan executed step by step: what each step changed, and why it went no further or fell short.</summary>
/// <param name="Taken">The steps that could be taken, in the order of their execution.</param>
/// <param name="Verdict">What is to be said of the whole plan.</param>
/// <param name="Unmet">Every part of the failing step's precondition, or of the goal at the end, that does not hold; empty otherwise.</param>
public sealed record PlanReplay(ImmutableArray<ReplayedStep> Taken, Verdict Verdict, ImmutableArray<UnmetPart> Unmet);

/// <summary>
/// A step that was taken. The state after it is the state before it without <paramref name="Removed"/> and with
/// <paramref name="Added"/>; facts that axioms derive are not told. What several steps of the same time change is told with the
/// last of them.
/// </summary>
/// <param name="Added">Facts that hold after it and did not before.</param>
/// <param name="Removed">The other way round.</param>
/// <param name="Changed">Numeric fluents that it sets, with their values after it.</param>
public sealed record ReplayedStep(
    PlanStep Step, ImmutableArray<GroundAtom> Added, ImmutableArray<GroundAtom> Removed, ImmutableArray<NumericChange> Changed);

/// <summary>A numeric fluent, <c>(total-cost)</c> for example, and its value.</summary>
public sealed record NumericChange(string Fluent, string Value);

/// <summary>A part of a condition that does not hold.</summary>
/// <param name="Text">In words, with the values that it reads.</param>
/// <param name="Atom">The fact that it asks for or forbids; null where it is something else.</param>
/// <param name="Wanted">Whether the fact should hold.</param>
public sealed record UnmetPart(string Text, GroundAtom? Atom, bool Wanted);
