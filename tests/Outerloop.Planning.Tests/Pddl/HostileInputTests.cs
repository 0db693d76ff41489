using Outerloop.Planning.Pddl;
using Outerloop.Planning.Validation;

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
