using Outerloop.Model.Checkpoints;
using Outerloop.Planning.Pddl;

namespace Outerloop.Policies;

/// <summary>Opens generations for the in-process model, checking their files against their manifest.</summary>
public sealed class LocalPolicyFactory(int threads) : IPolicyFactory
{
    public IPolicy Open(string folder, Domain domain)
    {
        try
        {
            return new LocalPolicy(folder, CheckpointFolder.Load(folder), domain, threads);
        }
        catch (CheckpointException problem)
        {
            throw new InputException(problem.Message, problem);
        }
    }
}
