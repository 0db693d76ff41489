using Outerloop.Policies;
using Outerloop.Tasks;
using Outerloop.Traces;

namespace Outerloop.Verification;

/// <summary>What a verifier says of an answer.</summary>
public sealed record Judgement(Outcome Outcome, int PlanSteps = 0, int? FailingStep = null, string? Reason = null, string? Message = null);

/// <summary>Decides whether an answer solves a task. A verifier that breaks says so; it never calls an answer wrong for it.</summary>
public interface IVerifier
{
    Judgement Judge(PlanningTask task, Completion completion);
}
