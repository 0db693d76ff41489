namespace Outerloop.Planning.Tests.Validation.Lenient;

/// <summary>Answers in the manners of language models, and the plan that each one gives.</summary>
public sealed class ModelAnswerTests
{
    private const string Plan = "(unstack b1 b2)(put-down b1)(stack b2 b3)";

    [Theory]
    [InlineData("unstack b1 b2\nput-down b1\nstack b2 b3")]
    [InlineData("1. unstack b1 b2\n2. put-down b1\n3. stack b2 b3\n\nThis reaches the goal.")]
    [InlineData("Here is the plan:\n- **unstack b1 b2**\n- **put-down b1**\n- **stack b2 b3**")]
    [InlineData("Action: unstack b1 b2\nAction: put-down b1\nAction: stack b2 b3")]
    [InlineData("Step 1: unstack b1 b2\nStep 2: put-down b1.\nStep 3: stack b2 b3.")]
    [InlineData("First, unstack b1, b2\nThen put-down b1\nFinally stack b2 b3")]
    [InlineData("1. Unstack b1 b2 - b1 is now in the hand\n2. Put-down b1 (on the table)\n3. Stack b2 b3 ; done")]
    [InlineData("`unstack b1 b2`\n`put-down b1`\n`stack b2 b3`")]
    [InlineData("I will move the block b1 first.\nunstack b1 b2\nput-down b1\nThen I stack b2 on b3.\nstack b2 b3")]
    public void Steps_without_parentheses_are_read_where_the_names_leave_no_doubt(string text) =>
        Assert.Equal(Plan, LenientSamples.Blocks.Found(text), ignoreCase: true);

    [Theory]
    [InlineData("First, (unstack b1 b2)\nthen (put-down b1)\nand finally, (stack b2 b3)")]
    [InlineData("Step 1: (unstack b1 b2)\nStep 2: (put-down b1)\nStep 3: (stack b2 b3)")]
    [InlineData("1. Step 1: `(unstack b1 b2)`\n2. Step 2: `(put-down b1)`\n3. Step 3: `(stack b2 b3)`")]
    [InlineData("**Action 1**: (unstack b1 b2)\n**Action 2**: (put-down b1)\n**Action 3**: (stack b2 b3)")]
    [InlineData("The final plan is: (unstack b1 b2), (put-down b1), (stack b2 b3).")]
    [InlineData("Answer: (unstack b1 b2) -> (put-down b1) -> (stack b2 b3)")]
    [InlineData("(unstack b1 b2) → (put-down b1) → (stack b2 b3)")]
    [InlineData("(unstack b1 b2), then (put-down b1), and (stack b2 b3)")]
    [InlineData("(1) (unstack b1 b2)\n(2) (put-down b1)\n(3) (stack b2 b3)")]
    [InlineData("1 (unstack b1 b2)\n2 (put-down b1)\n3 (stack b2 b3)")]
    [InlineData("✅ (unstack b1 b2) ✓\n✅ (put-down b1) ✓\n✅ (stack b2 b3) ✓")]
    [InlineData("(unstack\u00A0b1 b2)\n(put\u2011down b1)\n(stack b2 b3)")]
    [InlineData("(unstack b1 b2) - frees b2\n(put-down b1) # on the table\n(stack b2 b3) -> on(b2, b3)")]
    public void Words_of_order_may_stand_before_a_step(string text) => Assert.Equal(Plan, LenientSamples.Blocks.Found(text));

    [Theory]
    [InlineData("| Step | Action | Why |\n|---|---|---|\n| 1 | (unstack b1 b2) | frees b2 |\n| 2 | (put-down b1) | (clear b2) |\n| 3 | (stack b2 b3) | goal |")]
    [InlineData("| # | Action |\n|---|:---|\n| 1 | `unstack b1 b2` |\n| 2 | `put-down b1` |\n| 3 | `stack b2 b3` |")]
    [InlineData("$$\n\\boxed{\n(unstack b1 b2)\n(put-down b1)\n(stack b2 b3)\n}\n$$")]
    [InlineData("\\boxed{(unstack b1 b2), (put-down b1), (stack b2 b3)}")]
    [InlineData("\\boxed{\\text{(unstack b1 b2) (put-down b1) (stack b2 b3)}}")]
    [InlineData("[\"(unstack b1 b2)\", \"(put-down b1)\", \"(stack b2 b3)\"]")]
    [InlineData("['unstack b1 b2', 'put-down b1', 'stack b2 b3']")]
    [InlineData("{\"plan\": [\"(unstack b1 b2)\", \"(put-down b1)\", \"(stack b2 b3)\"]}")]
    [InlineData("```json\n{\n  \"plan\": [\n    \"(unstack b1 b2)\",\n    \"(put-down b1)\",\n    \"(stack b2 b3)\"\n  ]\n}\n```")]
    [InlineData("```json\n[\n  {\"step\": 1, \"action\": \"(unstack b1 b2)\"},\n  {\"step\": 2, \"action\": \"(put-down b1)\"},\n  {\"step\": 3, \"action\": \"(stack b2 b3)\"}\n]\n```")]
    [InlineData("plan = [\"(unstack b1 b2)\", \"(put-down b1)\", \"(stack b2 b3)\"]")]
    [InlineData("[(unstack b1 b2), (put-down b1), (stack b2 b3)]")]
    [InlineData("<answer>(unstack b1 b2) (put-down b1) (stack b2 b3)</answer>")]
    [InlineData("<plan>\n(unstack b1 b2)\n(put-down b1)\n(stack b2 b3)\n</plan>")]
    [InlineData("```plaintext\n(unstack b1 b2)\n(put-down b1)\n(stack b2 b3)\n```")]
    [InlineData("```(unstack b1 b2)```\n```(put-down b1)```\n```(stack b2 b3)```")]
    [InlineData("```pddl\n(unstack\n  b1 b2)\n(put-down b1) (stack b2\n b3)\n```")]
    [InlineData("The plan:\n```\n2: (stack b2 b3)\n0.5: (unstack b1 b2) [1]\n1: (put-down b1)\n```")]
    public void Tables_formulas_arrays_tags_and_blocks_are_understood(string text) => Assert.Equal(Plan, LenientSamples.Blocks.Found(text));

    [Theory]
    [InlineData("<think>\n(pick-up a)\nHm, no.\n</think>\n\n" + Plan)]
    [InlineData("(pick-up a)\nthat cannot be.\n</think>\n" + Plan)]
    [InlineData("<thinking>(pick-up a)</thinking>\n" + Plan)]
    [InlineData("[THINK](pick-up a)[/THINK]\n" + Plan)]
    [InlineData("(pick-up a)\nWait, b1 is on b2. Let me start over.\n" + Plan)]
    [InlineData("**Plan A:**\n(pick-up a)\n**Plan B:**\n" + Plan)]
    [InlineData("Option 1:\n(pick-up a)\nOption 2:\n" + Plan)]
    [InlineData("```pddl\n(pick-up a)\n```\nWait, this is wrong.\n```pddl\n" + Plan + "\n```\nDone.")]
    [InlineData("```pddl\n(pick-up a)\n```pddl\n" + Plan + "\n```")]
    [InlineData("1. (pick-up a)\n2. (put-down a)\nActually:\n1. (unstack b1 b2)\n2. (put-down b1)\n3. (stack b2 b3)")]
    [InlineData("We could (pick-up a) but it is not needed.\n" + Plan)]
    [InlineData("Not this: (pick-up a)\n" + Plan)]
    [InlineData("1. Move b1 away: (pick-up a) would not do it.\n" + Plan)]
    [InlineData("(note that b2 must be clear\n" + Plan)]
    public void Only_the_last_attempt_counts_and_prose_is_none(string text) => Assert.Equal(Plan, LenientSamples.Blocks.Found(text));

    [Theory]
    [InlineData("I would stack the blocks.", "no-plan")]
    [InlineData("stack the block", "no-plan")]
    [InlineData("pick-up the block b1 from the table", "no-plan")]
    [InlineData("Stack\nPick-up:", "no-plan")]
    [InlineData("<think>\n(pick-up a)", "no-plan")]
    [InlineData("[\"(pick-up a)\", \"or so\"]", "no-plan")]
    [InlineData("| (pick-up a) | (pick-up b) |\n|---|---|", "no-plan")]
    [InlineData("{\"action\": \"pick-up\", \"block\": \"a\"}", "no-plan")]
    [InlineData("pick-up a\nstack b1", "broken-step")]
    [InlineData("pick-up a\nstack b1 b9", "broken-step")]
    [InlineData("pick-up a\nput-down a b", "broken-step")]
    [InlineData("(pick-up a)\n(stack b1 b2", "broken-step")]
    [InlineData("(pick-up a)\nstack(b1, b2", "broken-step")]
    [InlineData("(pick-up a)\n(stack b1 ; on b2", "broken-step")]
    public void What_leaves_doubt_gives_no_plan(string text, string code) => Assert.Equal(code, LenientSamples.Blocks.Found(text));

    [Theory]
    [InlineData("(fly b1)\n(pick-up a)", "(fly b1)(pick-up a)")]
    [InlineData("1. fly(b1)\n2. pick-up(a)", "(fly b1)(pick-up a)")]
    [InlineData("Step 1: (pick-up z)\nStep 2: (stack a)", "(pick-up z)(stack a)")]
    [InlineData("(fly b1)", "(fly b1)")]
    public void Steps_that_cannot_be_taken_are_read_all_the_same(string text, string steps) => Assert.Equal(steps, LenientSamples.Blocks.Found(text));
}
