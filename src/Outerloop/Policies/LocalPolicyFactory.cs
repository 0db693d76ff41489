using Outerloop.Model.Checkpoints;
using Outerloop.Model.Sampling;
using Outerloop.Model.Tokenization;
using Outerloop.Planning.Domains;
using Outerloop.Prompting;

namespace Outerloop.Policies;

/// <summary>Opens generations for the in-process model, checking their files against their manifest.</summary>
public sealed class LocalPolicyFactory(int threads) : IPolicyFactory
{
    public IPolicy Open(string folder, PlanningDomain domain) =>
        Guarded(() => new LocalPolicy(folder, SamplingCheckpoint.Open(folder, threads), domain, threads));

    public IPromptFormat FormatOf(string folder, PlanningDomain domain) => Guarded(() =>
    {
        ITokenizer tokenizer = CheckpointFolder.LoadTokenizer(folder) ?? throw LocalPolicy.WithoutTokenizer(folder);
        return PromptFormats.Of(tokenizer, domain);
    });

    private static T Guarded<T>(Func<T> open)
    {
        try
        {
            return open();
        }
        catch (CheckpointException problem)
        {
            throw new InputException(problem.Message, problem);
        }
    }
}
