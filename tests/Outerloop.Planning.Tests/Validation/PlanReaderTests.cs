using Outerloop.Planning.Pddl;
using Outerloop.Planning.Validation;

namespace Outerloop.Planning.Tests.Validation;

public sealed class PlanReaderTests
{
    [Theory]
    [InlineData("(a b)(c)", "(a b)\n(c)\n")]
    [InlineData("\uFEFF ( a\tb ) ; note\r\n; cost = 2\r(c)", "(a b)\n(c)\n")]
    [InlineData("2: (b) [1]\n1.5 : (a)[0.5]", "(a)\n(b)\n")]
    [InlineData("", "")]
    [InlineData("; only a comment", "")]
    public void A_plan_is_a_sequence_of_steps(string text, string expected) =>
        Assert.Equal(expected, Read(text).Required().ToString());

    [Theory]
    [InlineData("(a b", "missing-parenthesis", 1, 1)]
    [InlineData("(a)\n(b (c))", "expected-name", 2, 4)]
    [InlineData("a b", "expected-step", 1, 1)]
    [InlineData("(a)\r\nThat was the plan.", "expected-step", 2, 1)]
    [InlineData("```\n(a)", "expected-step", 1, 1)]
    [InlineData("1. (a)", "expected-step", 1, 1)]
    [InlineData("(a)\n()", "empty-step", 2, 1)]
    [InlineData("(a))", "expected-step", 1, 4)]
    [InlineData("(a, b)", "expected-name", 1, 3)]
    [InlineData("0: (a)\n(b)", "mixed-times", 2, 1)]
    [InlineData("(a\u00A0b)", "expected-name", 1, 3)]
    public void Anything_else_is_refused_where_it_stands(string text, string code, int line, int column)
    {
        var error = Assert.Single(Read(text).Errors);

        Assert.Equal((code, line, column), (error.Code, error.Line, error.Column));
    }

    [Fact]
    public void A_step_knows_where_it_stands()
    {
        var steps = Read("(a)\r\n  (b) (c)\r\n\r\n(d)").Required().Steps;

        Assert.Equal([(1, 1), (2, 3), (2, 7), (4, 1)], steps.Select(s => (s.Line, s.Column)));
    }

    private static Reading<Plan> Read(string text) => PlanReader.Read(new SourceText("plan", text));
}
