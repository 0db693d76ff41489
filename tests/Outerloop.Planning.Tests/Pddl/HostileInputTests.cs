using Outerloop.Planning.Pddl;
using Outerloop.Planning.Pddl.Checking;
using Outerloop.Planning.Pddl.Syntax;
using Outerloop.Planning.Tests.Validation.Lenient;
using Outerloop.Planning.Validation;
using Outerloop.Planning.Validation.Lenient;

namespace Outerloop.Planning.Tests.Pddl;

public sealed class HostileInputTests
{
    public static TheoryData<string> Texts => new()
    {
        new string('(', 1_000_000),
        new string(')', 1_000_000),
        $"(define (domain d) (:predicates (p)) (:action a :precondition {Nest("(not ", 1_000_000, "(p)")}))",
        "(define (domain \0))",
        "\0\0\0\0",
        new string('a', 5_000_000),
        new string('\u00A0', 5_000_000),
        "(define (domain d) (:predicates " + new string('é', 100_000),
        "(define (domain d) (:types " + string.Concat(Enumerable.Range(0, 50_000).Select(i => $"t{i} - t{i + 1} ")) + "t50000 - t0))",
        "(define (domain d) (((",
        "(define (domain d) ( (:action",
        "(define () ())",
        "()",
        "(define",
        ":",
        "?",
        "(define (domain d) (:predicates (p)) (:action a :precondition))",
        "(define (domain d) (:predicates) (:functions -) (:types -) (:constants -))",
        "(define (domain d) (:functions (f) -) (:derived) (:action) (:action ()))",
        "(define (domain d) (:derived p q) (:derived ()) (:derived () ()) (:derived (p)))",
        "(define (domain d) (:predicates (p)) (:action a :effect (not)) (:action b :effect (not (()))) (:action c :precondition (forall)))",
        "(define (domain d) (:predicates (p)) (:action a :precondition (=)) (:action b :precondition (= () ())) (:action c :effect (when)))",
    };

    [Theory]
    [MemberData(nameof(Texts))]
    public void A_hostile_text_gives_an_error_as_domain_problem_and_plan(string text)
    {
        Assert.False(Samples.ReadDomain(text).Ok);
        Assert.False(Samples.ReadProblem(text, Samples.ReadDomain(Samples.Courier).Required()).Ok);
        Assert.False(PlanReader.Read(new SourceText("plan", text)).Ok);
    }

    [Fact]
    public void A_step_that_would_change_a_billion_facts_is_refused()
    {
        var domain = Samples.ReadDomain("(define (domain d) (:predicates (p ?x ?y ?z)) (:action a :effect (forall (?x ?y ?z) (p ?x ?y ?z))))").Required();
        var objects = string.Join(' ', Enumerable.Range(0, 1000).Select(i => $"o{i}"));
        var problem = Samples.ReadProblem($"(define (problem p) (:domain d) (:objects {objects}) (:init) (:goal (and)))", domain).Required();

        var verdict = new PlanValidator(problem).ValidateText(new SourceText("plan", "(a)"));

        Assert.Equal((VerdictKind.Unsupported, Reasons.TooLarge), (verdict.Kind, verdict.Reason));
        Assert.Contains("4194304", verdict.Message);
    }

    [Fact]
    public void A_very_long_line_is_shown_in_part()
    {
        var error = Samples.ReadDomain("(define (domain d)" + new string(' ', 1_000_000) + "p)").Errors[0];

        Assert.InRange(error.SourceLine.Length, 1, 200);
        Assert.Equal('p', error.SourceLine[error.CaretColumn - 1]);
        Assert.Equal(1_000_019, error.Column);
    }

    [Theory]
    [InlineData("(and (p) ", true)]
    [InlineData("(not ", true)]
    [InlineData("(forall (?x) ", true)]
    [InlineData("(when (p) ", false)]
    public void The_deepest_nesting_that_is_read_fits_a_small_stack(string open, bool isCondition)
    {
        var nested = Nest(open, 246, "(p)");
        var text = $"(define (domain flat) (:predicates (p)) (:action a {(isCondition ? ":precondition" : ":effect")} {nested}))";
        VerdictKind? kind = null;
        var thread = new Thread(() => kind = JudgeAndPrint(text), maxStackSize: 512 * 1024);

        thread.Start();
        thread.Join();

        Assert.NotNull(kind);
    }

    [Fact]
    public void A_text_of_more_parts_than_are_read_is_refused_where_that_is_clear()
    {
        var list = "(define (domain d) (:predicates " + string.Concat(Enumerable.Repeat("a ", SyntaxParser.MostElements + 10)) + "))";
        Assert.Equal("too-large", Assert.Single(Samples.ReadDomain(list).Errors).Code);

        var condition = "(define (domain d) (:predicates (p)) (:action a :precondition (and " + string.Concat(Enumerable.Repeat("(p)", SyntaxParser.MostInnerElements + 10)) + ")))";
        Assert.Equal("too-large", Assert.Single(Samples.ReadDomain(condition).Errors).Code);

        var actions = "(define (domain d) " + string.Concat(Enumerable.Range(0, Definition.Longest / 20).Select(i => $"(:action a{i} :parameters ()) ")) + ")";
        Assert.All(Samples.ReadDomain(actions).Errors, error => Assert.Equal("too-large", error.Code));

        var types = "(define (domain d) (:types " + string.Concat(Enumerable.Range(0, TypeReader.MostTypes + 1).Select(i => $"t{i} ")) + "))";
        Assert.Equal("too-large", Assert.Single(Samples.ReadDomain(types).Errors).Code);

        var plan = string.Concat(Enumerable.Repeat("(a)", PlanScanner.MostSteps + 1));
        Assert.Equal(Reasons.TooLarge, Assert.Single(PlanReader.Read(new SourceText("plan", plan)).Errors).Code);

        var answer = new string('\n', LenientPlanReader.LongestText + 1);
        Assert.Equal(Reasons.TooLarge, Assert.Single(LenientSamples.Letters.Read(answer).Reading.Errors).Code);
    }

    [Fact]
    public void A_plan_that_is_too_large_to_be_read_is_not_said_to_be_malformed()
    {
        var problem = Samples.Problem(Samples.Courier, Samples.CourierProblem);
        var answer = new string('x', LenientPlanReader.LongestText + 1);
        Assert.Equal(VerdictKind.Unsupported, new PlanValidator(problem).ValidateLenient(new SourceText("plan", answer)).Kind);
    }

    [Fact]
    public void Many_types_times_many_objects_are_refused_before_they_fill_the_memory()
    {
        var types = string.Concat(Enumerable.Range(0, 1000).Select(i => $"t{i} - t{i + 1} "));
        var predicates = string.Concat(Enumerable.Range(0, 1000).Select(i => $"(q{i} ?x - t{i}) "));
        var objects = string.Join(' ', Enumerable.Range(0, 100_000).Select(i => $"o{i}"));
        var problem = Samples.Problem(
            $"(define (domain flat) (:types {types} t1000) (:predicates {predicates}))",
            Samples.FlatProblem("", "(q0 o0)", $"(:objects {objects} - t0)"));

        var verdict = new PlanValidator(problem).ValidateText(new SourceText("plan", ""));

        Assert.Equal((VerdictKind.Unsupported, Reasons.TooLarge), (verdict.Kind, verdict.Reason));
    }

    [Theory]
    [InlineData("plan: ")]
    [InlineData("```\n")]
    [InlineData("<think>")]
    [InlineData("1. (a\n")]
    [InlineData("(a (a (a ")]
    [InlineData("a(a(a(")]
    [InlineData("| a | (e")]
    [InlineData("[\"a\", ")]
    [InlineData("first then a -> ")]
    public void A_long_answer_takes_time_in_proportion_to_its_length(string piece)
    {
        var text = string.Concat(Enumerable.Repeat(piece + "\n", 200_000));
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        Assert.False(LenientSamples.Letters.Read(text).Skipped.IsDefault);
        Assert.False(patience.IsCancellationRequested);
    }

    private static VerdictKind JudgeAndPrint(string text)
    {
        var domain = Samples.ReadDomain(text).Required();
        Assert.NotEmpty(PddlPrinter.Print(domain));
        var problem = Samples.ReadProblem(Samples.FlatProblem("", "(p)", "(:objects a)"), domain).Required();
        return new PlanValidator(problem).ValidateText(new SourceText("plan", "(a)")).Kind;
    }

    private static string Nest(string open, int depth, string core) =>
        string.Concat(Enumerable.Repeat(open, depth)) + core + new string(')', depth);
}
