namespace Outerloop.Cli.Tests.Pddl;

/// <summary>Small planning texts that the tests of the command line share.</summary>
internal static class Texts
{
    public const string Domain = """
        (define (domain d)
          (:predicates (p ?x))
          (:action a :parameters (?x) :precondition (and) :effect (p ?x)))
        """;

    public const string Problem = "(define (problem q) (:domain d) (:objects o) (:init) (:goal (p o)))";

    /// <summary>A condition that takes 200 to the power of five steps to find false.</summary>
    public static readonly string SlowDomain = """
        (define (domain d)
          (:predicates (p ?x))
          (:action a :parameters (?x)
            :precondition (exists (?a ?b ?c ?d ?e) (and (p ?a) (p ?b) (p ?c) (p ?d) (not (= ?e ?e))))
            :effect (p ?x)))
        """.ReplaceLineEndings("\n");

    public static readonly string SlowProblem =
        $"(define (problem q) (:domain d) (:objects {Names}) (:init {string.Join(' ', Names.Split(' ').Select(o => $"(p {o})"))}) (:goal (p o1)))";

    private static string Names => string.Join(' ', Enumerable.Range(0, 200).Select(i => $"o{i}"));
}
