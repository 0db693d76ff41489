using Outerloop.Configuration;
using Outerloop.Policies;
using Outerloop.Tasks;
using Outerloop.Traces;

namespace Outerloop.Verification;

/// <summary>
/// Another verifier, whose word to the loop is false at given rates: an invalid plan is accepted, a valid one rejected.
/// The truth stays in <see cref="Judgement.Outcome"/>. An answer without a plan gives nothing to accept, and each answer
/// has its own draw, so that asking again does not help.
/// </summary>
public sealed class NoisyVerifier(IVerifier exact, VerifierSettings noise, Seed seed) : IVerifier
{
    public Judgement Judge(PlanningTask task, Completion completion)
    {
        Judgement truth = exact.Judge(task, completion);
        double rate = truth.Outcome switch
        {
            Outcome.Valid => noise.FalseRejects,
            Outcome.Invalid => noise.FalseAccepts,
            _ => 0,
        };
        bool errs = completion.Request.Id.Draw(seed).NextDouble() < rate;
        return errs ? truth with { Accepted = !truth.Accepted } : truth;
    }
}
