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

    private static string Nest(string open, int depth, string core) =>
        string.Concat(Enumerable.Repeat(open, depth)) + core + new string(')', depth);
}
