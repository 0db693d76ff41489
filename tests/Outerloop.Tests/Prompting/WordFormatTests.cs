using FsCheck.Xunit;
using Outerloop.Model.Tokenization;
using Outerloop.Model.Training;
using Outerloop.Planning.Domains;
using Outerloop.Planning.Pddl;
using Outerloop.Planning.Search;
using Outerloop.Planning.Validation;
using Outerloop.Prompting;
using Outerloop.Tests.Support;

namespace Outerloop.Tests.Prompting;

public sealed class WordFormatTests
{
    private static readonly PlanningDomain Domain = DomainCatalog.Find("blocksworld")!;

    private readonly WordFormat _format = new(Domain);

    [Fact]
    public void A_prompt_tells_the_facts_and_the_goal_as_written()
    {
        Problem problem = Read("""
            (define (problem p) (:domain blocksworld) (:objects b7 b3)
              (:init (on b3 b7) (on-table b7) (clear b3) (arm-empty)) (:goal (and (on b7 b3))))
            """);
        Assert.Equal("<init> on b3 b7 on-table b7 clear b3 arm-empty <goal> on b7 b3 <plan>", _format.Prompt(problem));
    }

    [Fact]
    public void Facts_that_differ_in_their_last_object_are_told_together()
    {
        Problem problem = Read("""
            (define (problem p) (:domain blocksworld) (:objects b1 b2 b3)
              (:init (clear b1) (on-table b1) (arm-empty) (on b2 b3) (clear b2) (on-table b3)) (:goal (and (on b1 b2) (on b2 b3))))
            """);
        Assert.Equal("<init> clear b1 b2 on-table b1 b3 arm-empty on b2 b3 <goal> on b1 b2 on b2 b3 <plan>", _format.Prompt(problem));
    }

    [Fact]
    public void Facts_that_follow_from_the_names_are_not_told()
    {
        PlanningDomain sokoban = DomainCatalog.Find("sokoban")!;
        Problem problem = PddlReader.ReadProblem(new SourceText("p.pddl", sokoban.GenerateProblem("p", sokoban.PoolSizes, new Random(1))), sokoban.Domain).Required();
        string prompt = new WordFormat(sokoban).Prompt(problem);
        Assert.DoesNotContain("adjacent", prompt);
        Assert.Contains("at-robot", prompt);
    }

    [Fact]
    public void A_goal_beyond_facts_is_refused()
    {
        Problem problem = Read("""
            (define (problem p) (:domain blocksworld) (:objects b7 b3)
              (:init (on b3 b7) (on-table b7) (clear b3) (arm-empty)) (:goal (or (on b7 b3) (holding b3))))
            """);
        Assert.Throws<InputException>(() => _format.Prompt(problem));
    }

    [Property]
    public bool A_plan_is_printed_and_read_back(int seed)
    {
        (Problem _, Plan plan) = Solved(seed);
        Plan read = _format.ReadPlan(WordFormat.Print(plan)).Required();
        return read.Steps.Select(Text).SequenceEqual(plan.Steps.Select(Text));
    }

    [Theory]
    [InlineData("b3 unstack b3 b7", 1, "'b3'")]
    [InlineData("unstack b3 b7 clear b3", 15, "'clear'")]
    [InlineData("unstack b3 b7 <goal>", 15, "'<goal>'")]
    [InlineData("unstack  b3", 9, "''")]
    public void Words_that_belong_to_no_step_make_an_answer_unreadable(string answer, int column, string word)
    {
        Diagnostic error = Assert.Single(_format.ReadPlan(answer).Errors);
        Assert.Equal(column, error.Column);
        Assert.Contains(word, error.Message);
    }

    [Fact]
    public void A_step_with_too_few_words_is_read_and_left_to_the_validator()
    {
        Plan plan = _format.ReadPlan("unstack b3 putdown").Required();
        Assert.Equal(["unstack b3", "putdown"], plan.Steps.Select(Text));
    }

    [Fact]
    public void No_words_are_a_plan_without_steps() => Assert.Empty(_format.ReadPlan("").Required().Steps);

    [Property]
    public bool An_example_told_in_other_words_is_still_solved(int seed)
    {
        (Problem problem, Plan plan) = Solved(seed);
        var tokenizer = new WordTokenizer(WordFormat.Vocabulary(Domain), WordFormat.Marks);
        TrainingSequence sequence = new ExampleEncoder(Domain, tokenizer)
            .Encode(problem, WordFormat.Print(plan), finished: true, new Seed((ulong)seed).ToRandom());

        string prompt = tokenizer.Decode(sequence.Tokens.AsSpan()[..sequence.PromptLength]);
        string answer = tokenizer.Decode(sequence.Tokens.AsSpan()[sequence.PromptLength..^1]);
        Verdict verdict = new PlanValidator(Retold(prompt)).Validate(_format.ReadPlan(answer).Required());
        return verdict.IsValid && sequence.Tokens[^1] == tokenizer.EndOfText;
    }

    /// <summary>Reads a prompt back into a problem.</summary>
    private static Problem Retold(string prompt)
    {
        string[] parts = prompt.Split([WordFormat.Init, WordFormat.Goal, WordFormat.Plan], StringSplitOptions.None);
        HashSet<string> objects = [.. prompt.Split(' ').Where(word => Domain.InterchangeableNames.Contains(word))];
        return Read($"(define (problem p) (:domain blocksworld) (:objects {string.Join(' ', objects)}) (:init {WordFacts.Read(parts[1], Domain)}) (:goal (and {WordFacts.Read(parts[2], Domain)})))");
    }

    private static (Problem Problem, Plan Plan) Solved(int seed)
    {
        Random random = new Seed((ulong)seed).ToRandom();
        Problem problem = Read(Domain.GenerateProblem("p", Domain.PoolSizes, random));
        return (problem, Planner.Solve(problem).Plan!);
    }

    private static Problem Read(string text) => PddlReader.ReadProblem(new SourceText("p.pddl", text), Domain.Domain).Required();

    private static string Text(PlanStep step) => string.Join(' ', [step.Action, .. step.Arguments]);
}
