using System.Collections.Immutable;
using Outerloop.Planning.Domains;
using Outerloop.Planning.Pddl;
using Outerloop.Planning.Validation;
using Outerloop.Policies;
using Outerloop.Tasks;
using Outerloop.Traces;

namespace Outerloop.Gateway.Dashboard.Api;

/// <summary>A plan step by step. A fact is its predicate and its objects, <c>["on","b1","b2"]</c>; so is the goal's.</summary>
/// <param name="Domain">As it is called here.</param>
/// <param name="Drawn">Whether the player draws its states: a domain that is known here, and not another of the same name.</param>
/// <param name="Init">The state before the first step.</param>
/// <param name="Goal">The goal in PDDL, and the facts that it asks for.</param>
/// <param name="Steps">Those that could be taken; the state after one is the state before without what it removed, with what it added.</param>
/// <param name="Failing">The step that could not be taken; null if none is.</param>
internal sealed record StatesView(
    string Domain, bool Drawn, IReadOnlyList<ObjectView> Objects, IReadOnlyList<string[]> Init, GoalView Goal, IReadOnlyList<StepView> Steps, FailingStepView? Failing,
    VerdictView Verdict)
{
    /// <summary>What the plan says behind the step that could not be taken: nothing is known of these steps.</summary>
    public IReadOnlyList<string> Behind { get; init; } = [];

    /// <summary>Of a trace of a run.</summary>
    /// <exception cref="InputException">The task or its domain cannot be read.</exception>
    public static StatesView Of(ShownRun run, TraceView trace)
    {
        TaskId id = trace.Trace.Id.Task;
        PlanningDomain domain = DomainCatalog.Find(id.Domain) ?? throw new InputException($"the domain {id.Domain} is not known here");
        var validator = new PlanValidator(PlanningTask.Read(id, trace.Problem ?? throw new InputException($"the store has no task {id}"), domain.Domain).Problem);
        Reading<Plan> reading = trace.Trace.Outcome == Outcome.ModelFailed
            ? new Reading<Plan>(new Plan([]), [])
            : PolicyCatalog.FormatOf(run.Path, domain).ReadPlan(trace.Answer, validator);
        return Of(domain.Name, validator, reading);
    }

    /// <summary>Of a plan that was read, or not.</summary>
    /// <param name="domain">As it is called here.</param>
    /// <param name="validator">Of the problem.</param>
    /// <param name="reading">The plan.</param>
    /// <param name="cancellation">A time limit.</param>
    public static StatesView Of(string domain, PlanValidator validator, Reading<Plan> reading, CancellationToken cancellation = default)
    {
        Problem problem = validator.Problem;
        ImmutableArray<PlanStep> plan = reading.Value?.Steps ?? [];
        PlanReplay replay = validator.Replay(new Plan(plan), cancellation);
        Verdict verdict = reading.Ok ? replay.Verdict : validator.Judge(reading, cancellation);
        return new StatesView(
            domain, DomainCatalog.Find(domain)?.Domain is { } known && PddlPrinter.Print(known) == PddlPrinter.Print(problem.Domain) && DashboardAssets.Draws(domain),
            [.. problem.Objects.Select(thing => new ObjectView(thing.Name, $"{thing.Type}"))],
            [.. problem.Init.Select(Fact)],
            GoalView.Of(problem.Goal),
            [.. replay.Taken.Select(StepView.Of)],
            reading.Ok && verdict.Step is { } failing ? new FailingStepView(failing, $"{plan[failing - 1]}", plan[failing - 1].Action, plan[failing - 1].Arguments) : null,
            new VerdictView(DashboardJson.Code(verdict.Kind), verdict.Step, verdict.Reason, verdict.Message, [.. (reading.Ok ? replay.Unmet : []).Select(UnmetView.Of)]))
        {
            Behind = [.. plan.Skip(reading.Ok && verdict.Step is { } failed ? failed : plan.Length).Select(step => $"{step}")],
        };
    }

    /// <summary>The state after so many steps.</summary>
    public IReadOnlyList<string[]> After(int step)
    {
        var state = Init.ToDictionary(fact => string.Join(' ', fact));
        foreach (StepView taken in Steps.Take(step))
        {
            foreach (string[] fact in taken.Removed)
                state.Remove(string.Join(' ', fact));
            foreach (string[] fact in taken.Added)
                state[string.Join(' ', fact)] = fact;
        }

        return [.. state.Values];
    }

    internal static string[] Fact(GroundAtom atom) => [atom.Predicate.Name, .. atom.Arguments.Select(argument => argument.Name)];
}

internal sealed record ObjectView(string Name, string Type);

/// <param name="Text">As PDDL.</param>
/// <param name="Facts">The facts among its parts; not those that axioms derive, since states do not tell them.</param>
/// <param name="IsWhole">Whether it asks for nothing else.</param>
internal sealed record GoalView(string Text, IReadOnlyList<string[]> Facts, bool IsWhole)
{
    public static GoalView Of(Condition goal)
    {
        Condition[] parts = [.. Parts(goal)];
        Atom[] facts = [.. parts.OfType<Atom>().Where(atom => !atom.Predicate.IsDerived)];
        return new GoalView(PddlPrinter.Print(goal), [.. facts.Select(Words)], facts.Length == parts.Length);
    }

    private static IEnumerable<Condition> Parts(Condition goal) => goal is Conjunction all ? all.Parts.SelectMany(Parts) : [goal];

    private static string[] Words(Atom atom) => [atom.Predicate.Name, .. atom.Arguments.OfType<ObjectTerm>().Select(term => term.Object.Name)];
}

/// <param name="Text">As PDDL.</param>
/// <param name="Changed">Numbers that it set.</param>
internal sealed record StepView(
    string Text, string Action, IReadOnlyList<string> Arguments, IReadOnlyList<string[]> Added, IReadOnlyList<string[]> Removed, IReadOnlyList<NumericChange> Changed)
{
    public static StepView Of(ReplayedStep step) => new(
        $"{step.Step}", step.Step.Action, step.Step.Arguments, [.. step.Added.Select(StatesView.Fact)], [.. step.Removed.Select(StatesView.Fact)], step.Changed);
}

/// <param name="Step">From 1.</param>
internal sealed record FailingStepView(int Step, string Text, string Action, IReadOnlyList<string> Arguments);

/// <param name="Verdict"><c>valid</c>, <c>invalid</c>, <c>malformed</c>, <c>unsupported</c> or <c>error</c>.</param>
/// <param name="Unmet">All parts of the failing step's precondition, or of the goal, that do not hold.</param>
internal sealed record VerdictView(string Verdict, int? Step, string? Reason, string Message, IReadOnlyList<UnmetView> Unmet);

/// <param name="Fact">Null where it is no single fact.</param>
/// <param name="Wanted">Whether the fact should hold.</param>
internal sealed record UnmetView(string Text, string[]? Fact, bool Wanted)
{
    public static UnmetView Of(UnmetPart part) => new(part.Text, part.Atom is { } atom ? StatesView.Fact(atom) : null, part.Wanted);
}
