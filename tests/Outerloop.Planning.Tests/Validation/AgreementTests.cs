using System.Text.RegularExpressions;
using Outerloop.Planning.Pddl;
using Outerloop.Planning.Tests.Reference;
using Outerloop.Planning.Validation;

namespace Outerloop.Planning.Tests.Validation;

public sealed partial class AgreementTests
{
    [Fact]
    public void The_validator_agrees_with_the_reference_interpreter() => Seeds.Each(3000, seed =>
    {
        var (problem, plan) = (Read(seed), RandomPlan.Draw(Read(seed), new Random(seed)));
        var validator = new PlanValidator(problem);

        var verdict = validator.Validate(plan.Plan);

        var expected = plan.FailedStep is null && plan.GoalHolds ? VerdictKind.Valid : VerdictKind.Invalid;
        Assert.Equal((expected, plan.FailedStep), (verdict.Kind, verdict.Step));
        if (verdict.IsValid && problem.Metric is not null)
            Assert.Equal((double?)plan.Metric ?? double.NaN, verdict.Cost ?? double.NaN, 1e-12);
        Assert.Equal(verdict, validator.ValidateText(new SourceText("plan", plan.Text(new Random(seed)))));
    });

    [Fact]
    public void Random_plans_meet_every_verdict()
    {
        var drawn = Enumerable.Range(0, 300).Select(seed => RandomPlan.Draw(Read(seed), new Random(seed))).ToList();

        Assert.InRange(drawn.Count(d => d.FailedStep is null && d.GoalHolds && d.Plan.Length > 1), 15, 250);
        Assert.InRange(drawn.Count(d => d.FailedStep is > 1), 15, 250);
        Assert.InRange(drawn.Count(d => d.FailedStep is null && !d.GoalHolds && d.Plan.Length > 1), 15, 250);
        Assert.InRange(drawn.Count(d => d.HasSimultaneousSteps && d.FailedStep is null), 15, 250);
        Assert.InRange(drawn.Count(d => d.HasSimultaneousSteps && d.FailedStep > 1), 15, 250);
    }

    [Fact]
    public void Renaming_objects_changes_no_verdict() => Seeds.Each(200, seed =>
    {
        var task = new RandomTask(seed);
        var plan = RandomPlan.Draw(Read(seed), new Random(seed)).Plan;

        var before = Verdict(task.Domain, task.Problem, plan.ToString());
        var after = Verdict(task.Domain, Renamed(task.Problem), Renamed(plan.ToString()));

        Assert.Equal((before.Kind, before.Step, before.Reason, before.Cost), (after.Kind, after.Step, after.Reason, after.Cost));
    });

    [Fact]
    public void What_is_printed_reads_as_the_same_and_judges_the_same() => Seeds.Each(200, seed =>
    {
        var problem = Read(seed);
        var domainText = PddlPrinter.Print(problem.Domain);
        var problemText = PddlPrinter.Print(problem);
        var again = Samples.Problem(domainText, problemText);

        Assert.Equal(domainText, PddlPrinter.Print(again.Domain));
        Assert.Equal(problemText, PddlPrinter.Print(again));
        var plan = RandomPlan.Draw(problem, new Random(seed)).Plan;
        Assert.Equal(new PlanValidator(problem).Validate(plan), new PlanValidator(again).Validate(plan));
    });

    [Fact]
    public void A_fingerprint_survives_renaming() => Seeds.Each(200, seed =>
    {
        var task = new RandomTask(seed);

        Assert.Equal(
            ProblemFingerprint.Of(Samples.Problem(task.Domain, task.Problem)),
            ProblemFingerprint.Of(Samples.Problem(task.Domain, Renamed(task.Problem))));
    });

    [GeneratedRegex(@"\bo(\d)\b")]
    private static partial Regex ObjectName();

    private static string Renamed(string text) => ObjectName().Replace(text, m => $"z{9 - int.Parse(m.Groups[1].Value)}");

    private static Problem Read(int seed)
    {
        var task = new RandomTask(seed);
        return Samples.Problem(task.Domain, task.Problem);
    }

    private static Verdict Verdict(string domain, string problem, string plan) =>
        new PlanValidator(Samples.Problem(domain, problem)).ValidateText(new SourceText("plan", plan));
}
