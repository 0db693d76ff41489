using System.Collections.Concurrent;
using Outerloop.Planning.Pddl;
using Outerloop.Planning.Validation;
using Outerloop.Policies;
using Outerloop.Prompting;
using Outerloop.Tasks;
using Outerloop.Traces;

namespace Outerloop.Verification;

/// <summary>Reads the plan out of an answer and executes it from the task's initial state.</summary>
/// <param name="format">How plans are written.</param>
/// <param name="limit">The longest that a verdict may take, by which clock; null for tasks that are known to be harmless.</param>
public sealed class PlanVerifier(IPromptFormat format, (TimeSpan Time, TimeProvider Clock)? limit = null) : IVerifier
{
    private readonly ConcurrentDictionary<TaskId, PlanValidator> _validators = new();

    public Judgement Judge(PlanningTask task, Completion completion) =>
        Judge(cancellation => _validators.GetOrAdd(task.Id, _ => new PlanValidator(task.Problem, cancellation)), completion);

    /// <summary>The same for a task whose validator is kept elsewhere.</summary>
    /// <param name="validatorOf">Gives it, within the time that a verdict may take.</param>
    /// <param name="completion">The answer.</param>
    public Judgement Judge(Func<CancellationToken, PlanValidator> validatorOf, Completion completion)
    {
        if (completion.End == CompletionEnd.Failed)
            return new Judgement(Outcome.ModelFailed, Reason: "model", Message: completion.Error);
        if (completion.End == CompletionEnd.OutOfTokens)
            return new Judgement(Outcome.Truncated, Reason: "budget", Message: $"no end within {completion.AnswerTokens} tokens");
        using CancellationTokenSource? end = limit is var (time, clock) ? new CancellationTokenSource(time, clock) : null;
        CancellationToken cancellation = end?.Token ?? default;
        try
        {
            PlanValidator validator = validatorOf(cancellation);
            Reading<Plan> reading = format.ReadPlan(completion.Text, validator);
            return reading.Value is { } plan && reading.Ok
                ? Validate(validator, plan, cancellation)
                : new Judgement(Outcome.Malformed, Reason: reading.Errors[0].Code, Message: reading.Errors[0].Message);
        }
        catch (OperationCanceledException)
        {
            return new Judgement(Outcome.VerifierFailed, Reason: "time", Message: $"no verdict within {limit!.Value.Time.TotalSeconds:0.###} s");
        }
        catch (Exception problem) when (problem is not OutOfMemoryException)
        {
            return new Judgement(Outcome.VerifierFailed, Reason: "verifier", Message: problem.Message);
        }
    }

    private static Judgement Validate(PlanValidator validator, Plan plan, CancellationToken cancellation)
    {
        Verdict verdict = validator.Validate(plan, cancellation);
        Outcome outcome = verdict.Kind switch
        {
            VerdictKind.Valid => Outcome.Valid,
            VerdictKind.Invalid => Outcome.Invalid,
            VerdictKind.Malformed => Outcome.Malformed,
            _ => Outcome.VerifierFailed,
        };
        return new Judgement(outcome, plan.Steps.Length, verdict.Step, verdict.Reason, outcome == Outcome.Valid ? null : verdict.Message)
        {
            GoalShare = outcome == Outcome.Invalid ? validator.GoalShare(plan, cancellation) : outcome == Outcome.Valid ? 1 : 0,
        };
    }
}
