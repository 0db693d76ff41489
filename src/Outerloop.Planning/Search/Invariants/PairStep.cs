namespace Outerloop.Planning.Search.Invariants;

/// <summary>Where its needs hold, a step brings some facts about and ends others.</summary>
/// <param name="Context">Facts known to hold when the others are brought about; used where a bound is given.</param>
internal sealed record PairStep(int[] Needs, int[] Sets, int[] Unsets, int[] Context);
