using Outerloop.Planning.Domains;
using Outerloop.Policies;

namespace Outerloop.Training;

/// <summary>Makes the next generation of a model on servers in this process; its weights get the name by which servers' traces know them.</summary>
internal sealed class ServedTrainer(ITrainer inner, IPolicyFactory policies) : ITrainer
{
    public async Task<TrainingResult> Train(TrainingJob job, IProgress<TrainingStep> progress, CancellationToken cancellation)
    {
        TrainingResult result = await inner.Train(job, progress, cancellation);
        PlanningDomain domain = DomainCatalog.Find(job.Domain)!;
        using IPolicy made = policies.Open(job.OutputFolder, domain);
        using IPolicy began = policies.Open(job.BaseFolder, domain);
        return result with { Weights = made.WeightsHash, BaseWeights = began.WeightsHash };
    }
}
