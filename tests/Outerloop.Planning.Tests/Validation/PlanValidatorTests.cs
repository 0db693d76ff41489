using Outerloop.Planning.Pddl;
using Outerloop.Planning.Validation;

namespace Outerloop.Planning.Tests.Validation;

public sealed class PlanValidatorTests
{
    private static readonly PlanValidator Courier = new(Samples.Problem(Samples.Courier, Samples.CourierProblem));

    [Fact]
    public void A_plan_that_reaches_the_goal_is_valid_and_costs_its_length()
    {
        var verdict = Courier.ValidateText(new SourceText("plan", Samples.CourierPlan));

        Assert.Equal((VerdictKind.Valid, 4.0), (verdict.Kind, verdict.Cost));
    }

    [Theory]
    [InlineData("(drive red home depot)", 1, "precondition", "step 1 (drive red home depot): at(Red, home) does not hold")]
    [InlineData("(drive red depot depot)", 1, "precondition", "step 1 (drive red depot depot): depot and depot are the same object")]
    [InlineData("(drive red depot home)(fly red)", 2, "unknown-action", "step 2 (fly red): there is no action 'fly'")]
    [InlineData("(drive red depot hoem)", 1, "unknown-object", "step 1 (drive red depot hoem): there is no object 'hoem'; did you mean 'home'?")]
    [InlineData("(drive red depot)", 1, "arity", "step 1 (drive red depot): 'drive' takes 3 arguments, not 2")]
    [InlineData("(drive box depot home)", 1, "type", "step 1 (drive box depot home): box is of type parcel, but ?v must be of type van")]
    [InlineData("(drive red depot home)", null, "goal", "the goal does not hold at the end: at(box, depot) does not hold")]
    [InlineData("", null, "goal", "the goal does not hold at the end: at(box, depot) does not hold")]
    public void An_invalid_plan_is_refused_at_the_step_that_fails(string plan, int? step, string reason, string message)
    {
        var verdict = Courier.ValidateText(new SourceText("plan", plan));

        Assert.Equal(new Verdict(VerdictKind.Invalid, step, reason, message, null), verdict);
    }

    [Theory]
    [InlineData("", 1.0 / 3)]
    [InlineData("(a)", 2.0 / 3)]
    [InlineData("(a)(z)(b)", 2.0 / 3)]
    [InlineData("(a)(b)", 1)]
    public void What_a_plan_reaches_of_the_goal_is_the_share_of_its_parts_where_it_ends_or_breaks(string plan, double share)
    {
        var validator = Flat("(:action a :effect (p)) (:action b :effect (q))", "(r)", "(and (p) (q) (r))");

        Assert.Equal(share, validator.GoalShare(PlanReader.Read(new SourceText("plan", plan)).Required()));
    }

    [Fact]
    public void A_text_that_is_no_plan_is_malformed()
    {
        var verdict = Courier.ValidateText(new SourceText("plan", "(drive red depot home)\nthen load"));

        Assert.Equal((VerdictKind.Malformed, "expected-step"), (verdict.Kind, verdict.Reason));
        Assert.Contains("line 2, column 1", verdict.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_problem_with_durative_actions_is_unsupported()
    {
        var domain = Samples.Flat("(:durative-action wait :parameters () :duration (= ?duration 1))");
        var validator = new PlanValidator(Samples.Problem(domain, Samples.FlatProblem("(p)", "(p)")));

        Assert.Equal(VerdictKind.Unsupported, validator.ValidateText(new SourceText("plan", "")).Kind);
    }

    [Fact]
    public void An_added_fact_wins_over_its_deletion()
    {
        var validator = Flat("(:action a :effect (and (p) (not (p))))", "", "(p)");

        Assert.True(validator.ValidateText(new SourceText("plan", "(a)")).IsValid);
    }

    [Fact]
    public void All_conditions_of_a_step_read_the_state_before_it()
    {
        var validator = Flat(
            "(:action swap :effect (and (when (p) (and (not (p)) (q))) (when (q) (and (not (q)) (p)))))", "(p)", "(and (q) (not (p)))");

        Assert.True(validator.ValidateText(new SourceText("plan", "(swap)")).IsValid);
    }

    [Fact]
    public void A_bad_plan_does_not_touch_the_next_verdict()
    {
        var plans = new[] { Samples.CourierPlan, "(drive red depot home)(drive red depot home)", "((", "(drive red depot nowhere)" };
        var alone = plans.Select(p => new PlanValidator(Courier.Problem).ValidateText(new SourceText("plan", p))).ToArray();

        for (var i = 0; i < 100; i++)
            Assert.Equal(alone[i % 4], Courier.ValidateText(new SourceText("plan", plans[i % 4])));
    }

    [Fact]
    public async Task One_validator_serves_many_threads()
    {
        var plans = new[] { Samples.CourierPlan, "(drive red depot home)" };
        var verdicts = await Task.WhenAll(Enumerable.Range(0, 64).Select(i =>
            Task.Run(() => Enumerable.Range(0, 50).All(_ => Courier.ValidateText(new SourceText("plan", plans[i % 2])).IsValid == (i % 2 == 0)))));

        Assert.DoesNotContain(false, verdicts);
    }

    [Fact]
    public void A_plan_of_a_hundred_thousand_steps_is_judged()
    {
        var there = new PlanStep("drive", ["Red", "depot", "home"], 1, 1);
        var back = new PlanStep("drive", ["Red", "home", "depot"], 1, 1);
        var plan = new Plan([.. Enumerable.Range(0, 100_000).Select(i => i % 2 == 0 ? there : back)]);

        Assert.Equal((VerdictKind.Invalid, "goal"), (Courier.Validate(plan).Kind, Courier.Validate(plan).Reason));
        var broken = plan with { Steps = plan.Steps.SetItem(99_999, there) };
        Assert.Equal(100_000, Courier.Validate(broken).Step);
    }

    private static PlanValidator Flat(string sections, string init, string goal) =>
        new(Samples.Problem(Samples.Flat(sections), Samples.FlatProblem(init, goal)));

    [Fact]
    public void What_is_not_implemented_is_unsupported_even_where_the_rest_makes_no_sense_without_it()
    {
        var problem = Samples.Problem(
            "(define (domain flat) (:types a b) (:predicates (p ?x - a)) (:functions (f) - a))",
            Samples.FlatProblem("(p o)", "(p o)", "(:objects o - b)"));

        Assert.Equal(VerdictKind.Unsupported, new PlanValidator(problem).ValidateText(new SourceText("plan", "")).Kind);
    }
}
