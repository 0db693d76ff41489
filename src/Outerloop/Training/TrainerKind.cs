using Outerloop.Configuration;
using Outerloop.Model.Training;

namespace Outerloop.Training;

/// <summary>A way to make the next generation that a run can name.</summary>
public sealed record TrainerKind(string Name, string Description)
{
    /// <summary>Whether it goes on from the generation before, and not from the base.</summary>
    public bool StartsFromLatest { get; init; }

    /// <summary>Whether it learns from all traces of the latest generation by their rewards, and not from what a curator keeps.</summary>
    public bool LearnsFromRewards => Advantage is not null;

    /// <summary>Whether an adapter is trained beside a frozen base.</summary>
    public bool TrainsAdapter { get; init; }

    /// <summary>Whether traces are weighed against the policies that sampled them.</summary>
    public bool ComparesWithBehaviour { get; init; }

    internal LossNormalisation Normalisation { get; init; } = LossNormalisation.TokenMean;

    /// <summary>The weights of the examples; null for 1.</summary>
    internal Func<IReadOnlyList<TrainingExample>, float[]>? Advantage { get; init; }

    /// <summary>What is maximised of each; null for the weighted log-likelihood.</summary>
    internal Func<TrainerSettings, ITraceObjective>? Objective { get; init; }
}
