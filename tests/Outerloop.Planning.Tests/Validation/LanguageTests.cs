using Outerloop.Planning.Pddl;
using Outerloop.Planning.Validation;

namespace Outerloop.Planning.Tests.Validation;

/// <summary>One part of the language a test, where an example says more than agreement on random tasks.</summary>
public sealed class LanguageTests
{
    private const string Numbers = "(:functions (x) (y) (total-cost))";

    [Theory]
    [InlineData("(increase (x) 0.1)", "(a)(a)(a)", "(= (x) 0.3)")]
    [InlineData("(assign (x) (/ 1 3)) ", "(a)", "(= (* 3 (x)) 1)")]
    [InlineData("(and (assign (x) (y)) (assign (y) (x)))", "(a)", "(and (= (x) 5) (= (y) 0))")]
    [InlineData("(and (increase (x) 1) (decrease (x) 3))", "(a)", "(= (x) -2)")]
    [InlineData("(scale-up (y) 4)", "(a)", "(= (y) 20)")]
    [InlineData("(scale-down (y) 2)", "(a)", "(= y 2.5)")]
    [InlineData("(assign (x) (+ 1 1 1))", "(a)", "(= (x) (- 6 2 1))")]
    [InlineData("(assign (x) (- (y)))", "(a)", "(= (x) -5)")]
    public void Numbers_are_exact(string effect, string plan, string goal) =>
        Assert.Equal(VerdictKind.Valid, Judge($"{Numbers} (:action a :effect {effect})", "(= (x) 0) (= (y) 5)", goal, plan).Kind);

    [Theory]
    [InlineData("(and (assign (x) 1) (increase (x) 1))", "numeric-conflict")]
    [InlineData("(and (assign (x) 1) (assign (x) 2))", "numeric-conflict")]
    [InlineData("(increase (y) 1)", "undefined-value")]
    [InlineData("(assign (x) (y))", "undefined-value")]
    [InlineData("(assign (x) (/ 1 (x)))", "undefined-value")]
    [InlineData("(scale-down (x) 0)", "undefined-value")]
    [InlineData("(when (> (y) 0) (p))", "undefined-value")]
    public void A_step_whose_numbers_have_no_meaning_is_invalid(string effect, string reason)
    {
        var verdict = Judge($"{Numbers} (:action a :effect {effect})", "(= (x) 0)", "(and)", "(a)");

        Assert.Equal((VerdictKind.Invalid, 1, reason), (verdict.Kind, verdict.Step, verdict.Reason));
    }

    [Fact]
    public void A_condition_on_an_undefined_number_is_unmet_and_so_is_its_negation()
    {
        Assert.Equal("precondition", Judge($"{Numbers} (:action a :precondition (> (x) 0))", "", "(and)", "(a)").Reason);
        Assert.Equal("precondition", Judge($"{Numbers} (:action a :precondition (not (> (x) 0)))", "", "(and)", "(a)").Reason);
        Assert.Equal(VerdictKind.Valid, Judge($"{Numbers} (:action a :precondition (or (> (x) 0) (p)))", "(p)", "(and)", "(a)").Kind);
    }

    [Fact]
    public void A_number_that_outgrows_memory_is_no_reason_to_guess() =>
        Assert.Equal(
            (VerdictKind.Unsupported, "too-large"),
            Judge($"{Numbers} (:action a :effect (scale-up (x) (* (x) (x))))", "(= (x) 7)", "(p)", string.Concat(Enumerable.Repeat("(a)", 40))) is var v ? (v.Kind, v.Reason) : default);

    [Theory]
    [InlineData("(:metric minimize (total-cost))", 6.0)]
    [InlineData("(:metric maximize (+ (* 2 (x)) (total-cost)))", 8.0)]
    [InlineData("(:metric minimize total-time)", 2.0)]
    [InlineData("", 2.0)]
    public void The_cost_is_the_metric_or_the_number_of_steps(string metric, double cost)
    {
        var domain = Samples.Flat($"{Numbers} (:action a :effect (increase (total-cost) 3))");
        var validator = new PlanValidator(Samples.Problem(domain, Samples.FlatProblem("(= (x) 1)", "(and)", metric)));

        Assert.Equal(cost, validator.ValidateText(new SourceText("plan", "(a)(a)")).Cost);
    }

    [Theory]
    [InlineData("0: (set-p) 0: (set-q)", "valid", null)]
    [InlineData("0: (set-p) 0: (use-p)", "invalid", "precondition")]
    [InlineData("0: (set-p) 1: (use-p) 1: (drop-p)", "invalid", "interference")]
    [InlineData("0: (set-p) 0: (drop-p)", "invalid", "interference")]
    [InlineData("0: (more) 0: (more)", "valid", null)]
    [InlineData("0: (more) 0: (double)", "invalid", "interference")]
    [InlineData("1: (use-p) 0: (set-p)", "valid", null)]
    [InlineData("0: (guarded) 0: (set-q)", "valid", null)]
    [InlineData("0: (guarded) 0: (set-p)", "invalid", "interference")]
    [InlineData("0: (set-p) 1: (guarded) 1: (set-q)", "invalid", "interference")]
    [InlineData("0: (undefined) 0: (use-p)", "invalid", "undefined-value")]
    public void Steps_of_one_time_must_not_interfere(string plan, string kind, string? reason)
    {
        const string actions = """
            (:functions (x) (y))
            (:action set-p :effect (p)) (:action set-q :effect (q)) (:action drop-p :effect (not (p)))
            (:action use-p :precondition (p) :effect (r))
            (:action more :effect (increase (x) 1)) (:action double :effect (scale-up (x) 2))
            (:action guarded :effect (when (p) (when (q) (r)))) (:action undefined :effect (increase (y) 1))
            """;

        var verdict = Judge(actions, "(= (x) 1)", "(and)", plan);

        Assert.Equal((kind, reason), (verdict.Kind.ToString().ToLowerInvariant(), verdict.Reason));
    }

    [Theory]
    [InlineData("(forall (?x) (e ?x b))", "for ?x = b: e(b, b) does not hold")]
    [InlineData("(exists (?x) (and (e ?x ?x) (p)))", "no choice of ?x meets (exists (?x) (and (e ?x ?x) (p)))")]
    [InlineData("(or (p) (q))", "no alternative holds: p() does not hold; q() does not hold")]
    [InlineData("(imply (e a b) (q))", "no alternative holds: e(a, b) holds, but must not; q() does not hold")]
    [InlineData("(not (forall (?x) (= ?x ?x)))", "no choice of ?x meets (forall (?x) (= ?x ?x))")]
    [InlineData("(< (x) 1)", "x() [2] < 1 does not hold")]
    [InlineData("(> (y) 1)", "y() [undefined] > 1 reads a number that has no value")]
    public void The_smallest_unmet_part_is_named(string goal, string explanation)
    {
        var domain = Samples.Flat("(:functions (x) (y))", "(p) (q) (e ?x ?y)");
        var problem = Samples.FlatProblem("(e a b) (= (x) 2)", goal, "(:objects a b)");

        var verdict = new PlanValidator(Samples.Problem(domain, problem)).ValidateText(new SourceText("plan", ""));

        Assert.Equal($"the goal does not hold at the end: {explanation}", verdict.Message);
    }

    [Fact]
    public void Derived_facts_follow_the_state()
    {
        const string domain = """
            (define (domain roads)
              (:predicates (road ?x ?y) (reach ?x ?y) (cut-off ?x))
              (:constants a b c)
              (:derived (reach ?x ?y) (or (road ?x ?y) (exists (?z) (and (road ?x ?z) (reach ?z ?y)))))
              (:derived (cut-off ?x) (not (exists (?y) (reach ?x ?y))))
              (:action build :parameters (?x ?y) :effect (road ?x ?y))
              (:action close :parameters (?x ?y) :precondition (reach ?x ?y) :effect (not (road ?x ?y))))
            """;
        const string problem = "(define (problem r) (:domain roads) (:init (road a b)) (:goal (and (reach a c) (cut-off c))))";
        var validator = new PlanValidator(Samples.Problem(domain, problem));

        Assert.Equal(VerdictKind.Valid, validator.ValidateText(new SourceText("plan", "(build b c)")).Kind);
        Assert.Equal("goal", validator.ValidateText(new SourceText("plan", "(build b c)(close a c)(close a b)")).Reason);
        Assert.Equal(2, validator.ValidateText(new SourceText("plan", "(close a b)(close a b)")).Step);
        Assert.Equal("goal", validator.ValidateText(new SourceText("plan", "")).Reason);
    }

    [Fact]
    public void Time_can_be_limited()
    {
        var nest = string.Concat(Enumerable.Range(0, 12).Select(i => $"(forall (?x{i}) ")) + "(e ?x0 ?x1)" + new string(')', 12);
        var objects = string.Join(' ', Enumerable.Range(0, 100).Select(i => $"o{i}"));
        var facts = string.Concat(Enumerable.Range(0, 100).Select(i => string.Concat(Enumerable.Range(0, 100).Select(j => $"(e o{i} o{j})"))));
        var problem = Samples.Problem(Samples.Flat("", "(e ?x ?y)"), Samples.FlatProblem(facts, nest, $"(:objects {objects})"));
        using var limit = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));

        Assert.Throws<OperationCanceledException>(() => new PlanValidator(problem).ValidateText(new SourceText("plan", ""), limit.Token));
    }

    private static Verdict Judge(string sections, string init, string goal, string plan) =>
        new PlanValidator(Samples.Problem(Samples.Flat(sections), Samples.FlatProblem(init, goal))).ValidateText(new SourceText("plan", plan));
}
