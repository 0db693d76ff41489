using System.Collections.Concurrent;
using Outerloop.Planning.Pddl;
using Outerloop.Planning.Validation;
using Outerloop.Policies;
using Outerloop.Prompting;
using Outerloop.Tasks;
using Outerloop.Traces;

namespace Outerloop.Verification;

/// <summary>Reads the plan out of an answer and executes it from the task's initial state.</summary>
public sealed class PlanVerifier(IPromptFormat format) : IVerifier
{
    private readonly ConcurrentDictionary<TaskId, PlanValidator> _validators = new();

    public Judgement Judge(PlanningTask task, Completion completion)
    {
        if (completion.End == CompletionEnd.Failed)
            return new Judgement(Outcome.ModelFailed, Reason: "model", Message: completion.Error);
        if (completion.End == CompletionEnd.OutOfTokens)
            return new Judgement(Outcome.Truncated, Reason: "budget", Message: $"no end within {completion.AnswerTokens} tokens");
        try
        {
            PlanValidator validator = _validators.GetOrAdd(task.Id, _ => new PlanValidator(task.Problem));
            Reading<Plan> reading = format.ReadPlan(completion.Text, validator);
            return reading.Value is { } plan && reading.Ok
                ? Validate(validator, plan)
                : new Judgement(Outcome.Malformed, Reason: reading.Errors[0].Code, Message: reading.Errors[0].Message);
        }
        catch (Exception problem) when (problem is not OutOfMemoryException)
        {
            return new Judgement(Outcome.VerifierFailed, Reason: "verifier", Message: problem.Message);
        }
    }

    private static Judgement Validate(PlanValidator validator, Plan plan)
    {
        Verdict verdict = validator.Validate(plan);
        Outcome outcome = verdict.Kind switch
        {
            VerdictKind.Valid => Outcome.Valid,
            VerdictKind.Invalid => Outcome.Invalid,
            VerdictKind.Malformed => Outcome.Malformed,
            _ => Outcome.VerifierFailed,
        };
        return new Judgement(outcome, plan.Steps.Length, verdict.Step, verdict.Reason, outcome == Outcome.Valid ? null : verdict.Message)
        {
            GoalShare = outcome == Outcome.Invalid ? validator.GoalShare(plan) : outcome == Outcome.Valid ? 1 : 0,
        };
    }
}
