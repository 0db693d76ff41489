using Outerloop.Planning.Pddl;
using Outerloop.Planning.Validation.Compilation;
using Outerloop.Planning.Validation.Lenient;

namespace Outerloop.Planning.Validation;

/// <summary>
/// Judges plans for one problem by executing them, without grounding its actions. Construction resolves all names once;
/// after that an instance serves any number of plans from any number of threads, and no plan can affect another's verdict.
/// </summary>
public sealed class PlanValidator
{
    private readonly CompiledTask? task;
    private readonly Verdict? refusal;

    /// <param name="problem">A checked problem.</param>
    /// <param name="cancellation">A time limit, since axioms can cost exponential time.</param>
    public PlanValidator(Problem problem, CancellationToken cancellation = default)
    {
        Problem = problem;
        // What is not implemented may leave names unresolved that only it would resolve, so nothing of it is compiled.
        refusal = Unsupported(problem);
        if (refusal is not null)
            return;
        try
        {
            task = new CompiledTask(problem, cancellation);
            if (task.TooLarge is { } relation)
                refusal = TooLarge($"'{relation.Name}' has more possible arguments than can be numbered");
        }
        catch (TaskTooLargeException)
        {
            refusal = TooLarge("the problem has too many types and objects");
        }
    }

    public Problem Problem { get; }

    /// <summary>Reads the text strictly, see <see cref="PlanReader"/>, and judges the plan.</summary>
    public Verdict ValidateText(SourceText source, CancellationToken cancellation = default)
    {
        if (refusal is not null)
            return refusal;
        var steps = WrittenSteps.Read(source);
        return steps.Ok ? Run(steps.Value, cancellation) : Unreadable(steps.Errors[0]);
    }

    /// <summary>Finds the plan in a language model's text, see <see cref="LenientPlanReader"/>.</summary>
    public LenientReading ReadLenient(SourceText source) => LenientPlanReader.Read(source, new PlanNames(task));

    /// <summary>Finds the plan in a language model's text and judges it.</summary>
    public Verdict ValidateLenient(SourceText source, CancellationToken cancellation = default) =>
        Judge(ReadLenient(source).Reading, cancellation);

    /// <summary>Judges a plan; cancellation serves as time limit for conditions of exponential cost.</summary>
    public Verdict Validate(Plan plan, CancellationToken cancellation = default) =>
        refusal ?? Run(new KeptSteps(plan.Steps), cancellation);

    /// <summary>Executes a plan and tells of each step what it changed; the verdict is that of <see cref="Validate"/>.</summary>
    public PlanReplay Replay(Plan plan, CancellationToken cancellation = default)
    {
        try
        {
            return refusal is null ? new Execution(task!, cancellation).Replay(plan.Steps, Problem.Domain) : new PlanReplay([], refusal, []);
        }
        catch (OutgrownException outgrown)
        {
            return new PlanReplay([], TooLarge(outgrown.Message), []);
        }
    }

    /// <summary>
    /// How much of the goal a plan reaches, in [0, 1]: the share of the goal's conjuncts that hold where it ends, or before
    /// its first step that cannot be taken. 0 where nothing can be said of plans.
    /// </summary>
    public double GoalShare(Plan plan, CancellationToken cancellation = default)
    {
        try
        {
            return refusal is null ? new Execution(task!, cancellation).GoalShare(new KeptSteps(plan.Steps)) : 0;
        }
        catch (OutgrownException)
        {
            return 0;
        }
    }

    /// <summary>Judges what came of reading a plan; one that could not be read is malformed.</summary>
    public Verdict Judge(Reading<Plan> reading, CancellationToken cancellation = default)
    {
        if (refusal is not null)
            return refusal;
        return reading.Ok ? Validate(reading.Value, cancellation) : Unreadable(reading.Errors[0]);
    }

    private Verdict Run(IStepSequence steps, CancellationToken cancellation)
    {
        try
        {
            return new Execution(task!, cancellation).Run(steps);
        }
        catch (OutgrownException outgrown)
        {
            return TooLarge(outgrown.Message);
        }
    }

    private static Verdict Unreadable(Diagnostic error)
    {
        var kind = error.Code == Reasons.TooLarge ? VerdictKind.Unsupported : VerdictKind.Malformed;
        return new Verdict(kind, null, error.Code, $"line {error.Line}, column {error.Column}: {error.Message}", null);
    }

    private static Verdict? Unsupported(Problem problem)
    {
        if (problem.Unsupported.IsEmpty)
            return null;
        var feature = problem.Unsupported[0];
        var place = $"{feature.Place.File}:{feature.Place.Line}:{feature.Place.Column}";
        return new Verdict(VerdictKind.Unsupported, null, Reasons.Feature, $"{feature.Name} are not supported ({place})", null);
    }

    private static Verdict TooLarge(string message) => new(VerdictKind.Unsupported, null, Reasons.TooLarge, message, null);
}
