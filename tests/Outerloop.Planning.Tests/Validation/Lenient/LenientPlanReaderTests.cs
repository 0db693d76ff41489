using FsCheck.Xunit;
using Outerloop.Planning.Domains;
using Outerloop.Planning.Pddl;
using Outerloop.Planning.Tests.Domains;
using Outerloop.Planning.Validation;

namespace Outerloop.Planning.Tests.Validation.Lenient;

public sealed class LenientPlanReaderTests
{
    [Theory]
    [InlineData("(a b)\n(c)", "(a b)(c)")]
    [InlineData("Here is the plan:\n\n1. (a b)\n2. (c)\n\nThis reaches the goal.", "(a b)(c)")]
    [InlineData("```pddl\n(a b)\n(c)\n```\nDone.", "(a b)(c)")]
    [InlineData("- `a(b)`\n- `c(d, e)`", "(a b)(c d e)")]
    [InlineData("**Step 1:** (a b) - lifts b\n**Step 2:** (c) ; waits", "(a b)(c)")]
    [InlineData("0: (a b) [1]\n1: (c) [1]", "(a b)(c)")]
    [InlineData("(a b), (c)", "(a b)(c)")]
    [InlineData("(a b, c).", "(a b c)")]
    [InlineData("(a b)\u00A0\n(c)", "(a b)(c)")]
    [InlineData("<think>\n(x)\n</think>\n(a)", "(a)")]
    [InlineData("(x) so\n(y)\n</think>\n(a)", "(a)")]
    [InlineData("Plan:\n(x)\nThat fails.\n### Final plan\n(a)", "(a)")]
    [InlineData("1. (x)\n2. (y)\nNo, better:\n1. (a)\n2. (b)", "(a)(b)")]
    [InlineData("```\n(x)\n```\nor rather\n```\n(a)\n```", "(a)")]
    [InlineData("<plan>\n(a)\n</plan>", "(a)")]
    [InlineData("(x) is impossible since b1 is covered.\n(a)", "(a)")]
    [InlineData("The goal is (on a b).\n(a)", "(a)")]
    [InlineData("(:goal (and (x)))\n(a)", "(a)")]
    [InlineData("\uFEFF1) (a)\r\n2) (b)\r3) (c)", "(a)(b)(c)")]
    public void The_plan_is_found_in_the_text(string text, string expected) =>
        Assert.Equal(expected, Read(text).Reading.Required().ToString().Replace("\n", "", StringComparison.Ordinal));

    [Theory]
    [InlineData("", "no-plan", 1)]
    [InlineData("I cannot solve this.", "no-plan", 1)]
    [InlineData("<think>(a)", "no-plan", 1)]
    [InlineData("pickup b1\nstack b1 b2", "no-plan", 1)]
    [InlineData("Plan:\n(a b)\n(c d", "broken-step", 3)]
    public void A_text_without_a_whole_plan_is_refused(string text, string code, int line)
    {
        var error = Assert.Single(Read(text).Reading.Errors);

        Assert.Equal((code, line), (error.Code, error.Line));
    }

    [Fact]
    public void What_is_passed_over_is_said()
    {
        const string text = "<think>hm\nhm</think>\nFirst try:\n(x)\nNow the plan:\n(a) - moves\nDone.";

        var skipped = Read(text).Skipped.Select(s => (s.FirstLine, s.LastLine, s.Excerpt, s.Reason));

        Assert.Equal(
            [
                (1, 2, "<think>hm", SkipReason.Thinking),
                (3, 3, "First try:", SkipReason.Prose),
                (4, 4, "(x)", SkipReason.EarlierAttempt),
                (5, 5, "Now the plan:", SkipReason.Prose),
                (6, 6, "(a) - moves", SkipReason.Remark),
                (7, 7, "Done.", SkipReason.Prose),
            ],
            skipped);
    }

    [Fact]
    public void A_step_keeps_its_place_in_the_text()
    {
        var steps = Read("<think>\n</think>\n1. (a)\n   2. (b) (c)").Reading.Required().Steps;

        Assert.Equal([(3, 4), (4, 7), (4, 11)], steps.Select(s => (s.Line, s.Column)));
    }

    [Property(MaxTest = 100)]
    public void A_strict_plan_reads_the_same_leniently(int seed)
    {
        var plan = BlocksPlans.ViaTable(Blocksworld.DrawTask(SizeRanges.Default, new Random(seed)));

        Assert.Equal(PlanReader.Read(new SourceText("plan", plan)).Required().ToString(), Read(plan).Reading.Required().ToString());
    }

    [Property(MaxTest = 300)]
    public void No_step_is_invented(string? text)
    {
        var whole = $"{text}\n(a b)";
        var lines = whole.Split(["\r\n", "\n", "\r"], StringSplitOptions.None);

        Assert.All(
            Read(whole).Reading.Value?.Steps ?? [],
            s => Assert.Contains(s.Action, lines[s.Line - 1][(s.Column - 1)..], StringComparison.Ordinal));
    }

    private static LenientReading Read(string text) => LenientSamples.Letters.Read(text);
}
