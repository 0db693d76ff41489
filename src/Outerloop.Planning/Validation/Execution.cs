using System.Collections.Immutable;
using Outerloop.Planning.Pddl;
using Outerloop.Planning.Validation.Compilation;

namespace Outerloop.Planning.Validation;

/// <summary>One run of a plan from the initial state.</summary>
internal sealed class Execution(CompiledTask task, CancellationToken cancellation)
{
    private readonly State state = new(task.Initial!, cancellation);
    private readonly Changes changes = new();
    private Frame? frame;
    private SimultaneousSteps? happening;
    private StateJournal? journal;

    private Frame Frame => frame ??= new Frame(state, task.SlotCount, cancellation);

    private FailureExplanation Explanation => new(task.Objects, Frame);

    public Verdict Run(IStepSequence steps)
    {
        var taken = 0;
        for (; steps.MoveNext(); taken++)
        {
            if ((taken & 0xFF) == 0)
                cancellation.ThrowIfCancellationRequested();
            if (Take(steps) is { } failure)
                return Failed(taken, steps, failure);
        }

        return AtEnd(taken);
    }

    /// <summary>Runs a plan and tells of each step what it changed.</summary>
    public PlanReplay Replay(ImmutableArray<PlanStep> plan, Domain domain)
    {
        journal = new StateJournal(task, domain);
        var steps = new KeptSteps(plan);
        var taken = ImmutableArray.CreateBuilder<ReplayedStep>(plan.Length);
        while (steps.MoveNext())
        {
            cancellation.ThrowIfCancellationRequested();
            if (Take(steps) is { } failure)
                return new PlanReplay(taken.ToImmutable(), Failed(taken.Count, steps, failure), UnmetBy(steps, failure));
            taken.Add(journal.Take(plan[taken.Count]));
        }

        var verdict = AtEnd(taken.Count);
        return new PlanReplay(taken.ToImmutable(), verdict, verdict.IsValid ? [] : [.. Unmet(task.Goal)]);
    }

    /// <summary>
    /// How much of the goal holds where the plan ends, or before its first step that cannot be taken: the share of the
    /// goal's parts, where it is a conjunction.
    /// </summary>
    public double GoalShare(IStepSequence steps)
    {
        while (steps.MoveNext() && Take(steps) is null)
        {
        }

        CompiledCondition[] parts = task.Goal is AllOf { Parts: [_, ..] all } ? all : [task.Goal];
        return (double)parts.Count(part => part.Holds(Frame)) / parts.Length;
    }

    private Failure? Take(IStepSequence steps)
    {
        var failure = happening is null && !steps.IsJoinedByNext ? TakeAlone(steps) : TakeTogether(steps);
        if (!steps.IsJoinedByNext)
            Frame.Happenings++;
        return failure;
    }

    private Failure? TakeAlone(IStepSequence step)
    {
        if (StepBinding.Bind(task, step, Frame.Slots, out var action) is { } unbound)
            return unbound;
        if (!action!.Precondition.Holds(Frame))
            return new Failure(Reasons.Precondition, Explanation.Of(action.Precondition));
        changes.Clear();
        action.Effect.Collect(Frame, changes);
        if (changes.Obstacle(state) is { } obstacle)
            return obstacle;
        Apply(changes);
        return null;
    }

    private void Apply(Changes all)
    {
        if (journal is null)
            all.Apply(state);
        else
            journal.Apply(all, state);
    }

    /// <summary>Steps of the same time form one happening, which changes the state with its last step.</summary>
    private Failure? TakeTogether(IStepSequence steps)
    {
        happening ??= new SimultaneousSteps(task, Frame);
        if (happening.Collect(steps) is { } failure)
            return failure;
        if (steps.IsJoinedByNext)
            return null;
        Apply(happening.Changes);
        happening = null;
        return null;
    }

    private static Verdict Failed(int taken, IStepSequence step, Failure failure) =>
        new(VerdictKind.Invalid, taken + 1, failure.Reason, $"step {taken + 1} {Text(step)}: {failure.Message}", null);

    /// <summary>The objects of a step whose precondition failed are still bound.</summary>
    private ImmutableArray<UnmetPart> UnmetBy(IStepSequence step, Failure failure) =>
        failure.Reason == Reasons.Precondition ? [.. Unmet(task.FindAction(step.Name(0))!.Precondition)] : [];

    private IEnumerable<UnmetPart> Unmet(CompiledCondition condition) => condition switch
    {
        AllOf all => all.Parts.SelectMany(Unmet),
        _ when condition.Holds(Frame) => [],
        AtomTest a => [new UnmetPart(Explanation.Of(a), journal!.AtomOf(a.Relation, a.Arguments.Select(t => Terms.Resolve(t, Frame.Slots))), a.Wanted)],
        _ => [new UnmetPart(Explanation.Of(condition), null, Wanted: true)],
    };

    private Verdict AtEnd(int steps)
    {
        if (!task.Goal.Holds(Frame))
            return new Verdict(VerdictKind.Invalid, null, Reasons.Goal, $"the goal does not hold at the end: {Explanation.Of(task.Goal)}", null);
        var cost = task.Metric is null ? steps : task.Metric.Evaluate(Frame)?.ToDouble();
        return new Verdict(VerdictKind.Valid, null, null, cost is null ? "valid; its metric has no value" : "valid", cost);
    }

    private static string Text(IStepSequence step) =>
        $"({string.Join(' ', Enumerable.Range(0, step.Arity + 1).Select(i => step.Name(i).ToString()))})";
}
