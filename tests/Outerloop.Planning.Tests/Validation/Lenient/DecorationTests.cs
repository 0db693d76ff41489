using System.Text.RegularExpressions;
using FsCheck.Xunit;
using Outerloop.Planning.Domains;
using Outerloop.Planning.Validation;

namespace Outerloop.Planning.Tests.Validation.Lenient;

/// <summary>Laws of lenient reading, over plans dressed up in all the ways that the documentation lists.</summary>
public sealed class DecorationTests
{
    private static readonly Blocksworld Domain = new();

    private static readonly (string Name, Func<string[], string> Dress)[] Dresses =
    [
        ("plain", steps => Lines(steps, (s, _) => s)),
        ("numbered", steps => Lines(steps, (s, i) => $"{i + 1}. {s}")),
        ("numbered from 0, with colons", steps => Lines(steps, (s, i) => $"{i}: {s}")),
        ("steps", steps => Lines(steps, (s, i) => $"**Step {i + 1}:** {s} - brings us nearer")),
        ("bullets with code", steps => Lines(steps, (s, _) => $"* `{s}`")),
        ("bare", steps => Lines(steps, (s, i) => $"{i + 1}. {Bare(s)}")),
        ("bare actions", steps => Lines(steps, (s, i) => $"Action {i + 1}: {Bare(s)}.")),
        ("calls", steps => Lines(steps, (s, _) => $"- {Call(s)}")),
        ("order", steps => Lines(steps, (s, i) => i == 0 ? $"First, {s}" : $"Then {s}")),
        ("table", steps => $"| # | action | effect |\n|---|---|---|\n{Lines(steps, (s, i) => $"| {i + 1} | {s} | (so be it) |")}"),
        ("block", steps => $"So:\n```pddl\n{Lines(steps, (s, _) => s)}```\n(done) and dusted"),
        ("json", steps => $"{{\"plan\": [{string.Join(", ", steps.Select(s => $"\"{s}\""))}]}}"),
        ("bare json", steps => $"[{string.Join(", ", steps.Select(s => $"\"{Bare(s)}\""))}]"),
        ("boxed", steps => $"\\[\n\\boxed{{{string.Join(", ", steps)}}}\n\\]"),
        ("chain", steps => $"Final plan: {string.Join(" -> ", steps)}"),
        ("tag", steps => $"<plan>\n{Lines(steps, (s, _) => s)}</plan>"),
        ("after thought", steps => $"<think>\n(pickup b1)\n{Lines(steps, (s, _) => s)}</think>\n{Lines(steps, (s, _) => s)}"),
        ("second attempt", steps => $"Plan:\n{steps[0]}\n(pickup b1)\nThat fails.\n### Final plan\n{Lines(steps, (s, _) => s)}"),
        ("times", steps => Lines(steps, (s, i) => $"{i}.000: {s} [1.000]")),
        ("upper case and windows", steps => Lines(steps, (s, _) => s.ToUpperInvariant()).Replace("\n", "\r\n", StringComparison.Ordinal)),
    ];

    [Property(MaxTest = 30)]
    public void A_plan_is_found_whatever_it_wears(int seed)
    {
        var (validator, steps) = Draw(seed);
        Assert.All(Dresses, dress => Assert.Equal((dress.Name, string.Concat(steps)), (dress.Name, validator.Found(dress.Dress(steps)).ToLowerInvariant())));
    }

    [Property(MaxTest = 30)]
    public void A_step_that_is_taken_out_of_the_text_is_not_read(int seed)
    {
        var (validator, steps) = Draw(seed);
        var step = steps[new Random(seed).Next(steps.Length)];
        foreach (var (name, dress) in Dresses)
        {
            var text = dress(steps).ToLowerInvariant();
            text = text.Replace(step, "", StringComparison.Ordinal).Replace(Call(step), "", StringComparison.Ordinal);
            text = Regex.Replace(text, $@"{Regex.Escape(Bare(step))}\b", "");
            Assert.DoesNotContain((name, step), Steps(validator, text).Select(s => (name, s.ToString())));
        }
    }

    [Property(MaxTest = 30)]
    public void A_text_with_pieces_cut_out_gives_only_steps_that_stand_in_it(int seed)
    {
        var (validator, steps) = Draw(seed);
        var random = new Random(seed);
        foreach (var (_, dress) in Dresses)
        {
            var text = dress(steps);
            var from = random.Next(text.Length);
            text = text.Remove(from, random.Next(Math.Min(30, text.Length - from)));
            var lines = text.Split(["\r\n", "\n", "\r"], StringSplitOptions.None);
            Assert.All(Steps(validator, text), step => Assert.Equal(Tokens(step.ToString()), Tokens(lines[step.Line - 1][(step.Column - 1)..])[..(step.Arguments.Length + 1)]));
        }
    }

    private static (PlanValidator Validator, string[] Steps) Draw(int seed)
    {
        var random = new Random(seed);
        var task = Domain.DrawUnsolved(SizeRanges.Default, random);
        var problem = Samples.ReadProblem(task.Write("p", Domain.Name, random), Domain.Domain).Required();
        return (new PlanValidator(problem), [.. task.Witness]);
    }

    private static IEnumerable<PlanStep> Steps(PlanValidator validator, string text) => validator.Read(text).Reading.Value?.Steps ?? [];

    private static string[] Tokens(string text) => text.Split(" \t,()\"`*'.:|}\\<>[]-".ToCharArray(), StringSplitOptions.RemoveEmptyEntries);

    private static string Bare(string step) => step.Trim('(', ')');

    private static string Call(string step) => $"{Bare(step).Split(' ')[0]}({string.Join(", ", Bare(step).Split(' ')[1..])})";

    private static string Lines(string[] steps, Func<string, int, string> line) => string.Concat(steps.Select((s, i) => $"{line(s, i)}\n"));
}
