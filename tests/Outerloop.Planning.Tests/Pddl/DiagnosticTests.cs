using Outerloop.Planning.Pddl;

namespace Outerloop.Planning.Tests.Pddl;

public sealed class DiagnosticTests
{
    [Theory]
    [InlineData("(at ?v ?from) (not", "(att ?v ?from) (not", "unknown-predicate", "att ?v", "at")]
    [InlineData("(at ?v ?from) (not", "(at ?v) (not", "arity", "at ?v)", null)]
    [InlineData("(at ?v ?from) (not", "(at ?from ?v) (not", "wrong-type", "?from ?v)", null)]
    [InlineData("(at ?v ?from) (not", "(at ?v ?form) (not", "unknown-variable", "?form", "from")]
    [InlineData("(at ?v depot)", "(at ?v depto)", "unknown-object", "depto", "depot")]
    [InlineData("?v - van ?from", "?v - vann ?from", "unknown-type", "vann ?from", "van")]
    [InlineData("van parcel - thing place", "van parcel - thing thing - van", "type-cycle", "van parcel - thing thing", null)]
    [InlineData("(:action load", "(:action drive", "duplicate-action", "drive\n    :parameters (?c", null)]
    [InlineData("(:action load", "(:actoin load", "unknown-section", ":actoin", ":action")]
    [InlineData(":precondition (and (at ?c", ":precondtion (and (at ?c", "unknown-field", ":precondtion", ":precondition")]
    [InlineData(":typing", ":typping", "unknown-requirement", ":typping", ":typing")]
    [InlineData("(?c - parcel ?v - van)", "(?c ?C - parcel ?v - van)", "duplicate-variable", "?C - parcel ?v", null)]
    [InlineData("(broken ?v - van)", "(at ?v - van)", "duplicate-predicate", "at ?v - van))", null)]
    [InlineData("(not (loaded ?c ?v)))))", "(not (loaded ?c ?v)))))(p)", "trailing-text", "(p)", null)]
    [InlineData("(not (loaded ?c ?v)))))", "(not (loaded ?c ?v))))))", "extra-parenthesis", ")", null)]
    [InlineData("(not (loaded ?c ?v)))))", "(not (loaded ?c ?v))))", "missing-parenthesis", "(define", null)]
    [InlineData("(not (at ?c ?p)))", "(not (at ?c ?p))", "missing-parenthesis", "(:action return", null)]
    [InlineData("(:types", "(:types\u00A0", "bad-character", "\u00A0", null)]
    public void An_error_of_a_domain_is_located(string find, string replace, string code, string place, string? suggestion)
    {
        var text = Samples.Courier.Replace(find, replace, StringComparison.Ordinal);

        var errors = Samples.ReadDomain(text).Errors;

        AssertAt(errors[0], text, code, place, suggestion);
    }

    [Theory]
    [InlineData("(at box home)", "(at bxo home)", "unknown-object", "bxo", "box")]
    [InlineData("(at box home)", "(at home box)", "wrong-type", "home box", null)]
    [InlineData("(at box home)", "(at box ?x)", "unknown-variable", "?x", null)]
    [InlineData("(:domain courier)", "(:domain curier)", "wrong-domain", "curier", "courier")]
    [InlineData("(:goal (and (at box depot) (at Red depot)))", "", "missing-goal", "(define", null)]
    [InlineData("(at Red depot))))", "(at Red deppot))))", "unknown-object", "deppot", "depot")]
    [InlineData("Red - van", "Red red - van", "duplicate-object", "red - van", null)]
    [InlineData("(:init ", "(:init (= (fuel) 1) ", "unknown-function", "fuel", null)]
    public void An_error_of_a_problem_is_located(string find, string replace, string code, string place, string? suggestion)
    {
        var text = Samples.CourierProblem.Replace(find, replace, StringComparison.Ordinal);

        var errors = Samples.ReadProblem(text, Samples.ReadDomain(Samples.Courier).Required()).Errors;

        AssertAt(errors[0], text, code, place, suggestion);
    }

    [Fact]
    public void All_errors_are_found_in_one_pass()
    {
        var text = Samples.Courier
            .Replace("(loaded ?c ?v) (at ?v depot)", "(laoded ?c ?v) (at ?v)", StringComparison.Ordinal)
            .Replace("(not (at ?v ?from))", "(not (at ?w ?from))", StringComparison.Ordinal);

        Assert.Equal(["unknown-variable", "unknown-predicate", "arity"], Samples.ReadDomain(text).Errors.Select(e => e.Code));
    }

    [Fact]
    public void A_missing_parenthesis_does_not_hide_the_errors_after_it()
    {
        var text = Samples.Courier
            .Replace("(not (at ?v ?from))))", "(not (at ?v ?from)))", StringComparison.Ordinal)
            .Replace("(loaded ?c ?v) (at ?v depot)", "(laoded ?c ?v) (at ?v depot)", StringComparison.Ordinal);

        Assert.Equal(["missing-parenthesis", "unknown-predicate"], Samples.ReadDomain(text).Errors.Select(e => e.Code));
    }

    [Fact]
    public void An_axiom_that_needs_its_own_negation_is_refused()
    {
        var text = Samples.Flat("(:derived (p) (not (q))) (:derived (q) (not (p)))");

        Assert.Equal("unstratified-axiom", Assert.Single(Samples.ReadDomain(text).Errors).Code);
    }

    [Theory]
    [InlineData("")]
    [InlineData("; nothing")]
    [InlineData(" \r\n\t")]
    public void An_empty_text_is_an_error(string text) =>
        Assert.Equal("empty-text", Assert.Single(Samples.ReadDomain(text).Errors).Code);

    [Fact]
    public void An_error_is_shown_with_its_line_a_caret_and_a_suggestion()
    {
        var error = Samples.ReadDomain("(define (domain d)\n\t(:predicates (p))\n\t(:action a :precondition (pp)))").Errors[0];

        Assert.Equal("domain.pddl:3:28: error: unknown-predicate: the predicate 'pp' is not declared", error.ToString());
        Assert.EndsWith("\n  \t(:action a :precondition (pp)))\n  \t                          ^\n  did you mean 'p'?", error.Render(), StringComparison.Ordinal);
    }

    private static void AssertAt(Diagnostic error, string text, string code, string place, string? suggestion)
    {
        Assert.Equal(code, error.Code);
        Assert.Equal(suggestion, error.Suggestion);
        var line = text.Split('\n')[error.Line - 1];
        Assert.Equal(line, error.SourceLine);
        var rest = string.Join('\n', text.Split('\n').Skip(error.Line - 1))[(error.Column - 1)..];
        Assert.StartsWith(place, rest, StringComparison.Ordinal);
    }
}
