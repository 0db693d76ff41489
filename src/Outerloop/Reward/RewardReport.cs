using System.Collections.Immutable;

namespace Outerloop.Reward;

/// <summary>The implicit reward of a run's curator, as <c>reward --json</c> prints it.</summary>
public sealed record RewardReport(string Run, string Domain, string Curator, ImmutableArray<Choosing> Choices, ImmutableArray<Drift> Drift);

/// <summary>What was chosen for one generation.</summary>
/// <param name="Generation">The generation that learnt from it.</param>
/// <param name="Offered">Traces of all generations before, but for those of failing machinery.</param>
/// <param name="Valid">The valid ones among them.</param>
/// <param name="Rates">Keep-probabilities: by validity of all traces, by all else of the valid ones.</param>
/// <param name="Effects">Conditional logistic fits: validity among all of a task's traces, all else among those of the kind of the one kept.</param>
/// <param name="Actions">The same of the share of each of the domain's actions, each by itself.</param>
public sealed record Choosing(
    int Generation, int Offered, int Valid, int Kept, ImmutableArray<KeepRate> Rates, ImmutableArray<Effect> Effects,
    ImmutableArray<Effect> Actions);

/// <summary>A keep-probability with its 95 % Wilson interval.</summary>
public sealed record KeepRate(string By, string Value, int Offered, int Kept, double Rate, double Low, double High);

/// <summary>How the log-odds of being kept change with a feature, all else equal, with a 95 % interval.</summary>
/// <param name="Unit">Of <paramref name="LogOdds"/> and its interval.</param>
/// <param name="Deviation">The standard deviation of the feature among the alternatives of a choice.</param>
public sealed record Effect(string Feature, string Unit, double LogOdds, double Low, double High, double Deviation)
{
    /// <summary>Log-odds per deviation, by which features can be compared.</summary>
    public double PerDeviation => LogOdds * Deviation;
}

/// <summary>The change of an effect from the first to the last generation that has it.</summary>
public sealed record Drift(string Feature, int From, int To, double Change, double Low, double High);
