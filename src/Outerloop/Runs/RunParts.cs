using Outerloop.Deployment;
using Outerloop.Deployment.Workers;
using Outerloop.Policies;
using Outerloop.Training;

namespace Outerloop.Runs;

/// <summary>What a run works with and does not decide itself.</summary>
public sealed record RunParts(IPolicyFactory Policies, ITrainer Trainer, IRunObserver Observer, TimeProvider Clock)
{
    public Budget Budget { get; init; } = Budget.Unlimited;

    /// <summary>Who deploys, if not this process itself.</summary>
    public IWorkforce? Workforce { get; init; }
}
