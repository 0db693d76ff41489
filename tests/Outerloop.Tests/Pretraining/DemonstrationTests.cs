using FsCheck.Xunit;
using Outerloop.Model.Tokenization;
using Outerloop.Model.Training;
using Outerloop.Planning.Domains;
using Outerloop.Planning.Validation;
using Outerloop.Pretraining;
using Outerloop.Prompting;
using Outerloop.Tests.Support;

namespace Outerloop.Tests.Pretraining;

public sealed class DemonstrationTests
{
    private static readonly PretrainingStage Amateurs = new("test", 1, Habits: new AmateurHabits(0.5, 0.05));

    public static TheoryData<string> Domains => [.. DomainCatalog.All.Select(domain => domain.Name)];

    [Theory]
    [MemberData(nameof(Domains))]
    public void The_teacher_of_any_domain_solves_its_tasks(string domain)
    {
        foreach (Demonstration shown in Drawn(domain, 10))
            Assert.True(shown.Validator.Validate(new Plan(shown.Steps)).IsValid);
    }

    [Fact]
    public void A_planner_as_teacher_takes_no_more_steps_than_the_generator()
    {
        static double Mean(TeacherKind kind) => Enumerable.Range(0, 20).Average(seed =>
            new Teacher(DomainCatalog.Find("sokoban")!, kind, new Seed((ulong)seed).ToRandom()).Demonstrate(Sizes("sokoban"), 100).Steps.Length);
        Assert.True(Mean(TeacherKind.Planner) < Mean(TeacherKind.Generator));
    }

    [Theory]
    [MemberData(nameof(Domains))]
    public void A_perfect_amateur_is_the_teacher(string domain)
    {
        foreach (Demonstration shown in Drawn(domain, 5))
            Assert.Equal(new Plan(shown.Steps).ToString(), new Amateur(new AmateurHabits(0, 0), [new(WrongMethodKind.StopsEarly, 1)], new Seed(1).ToRandom()).Attempt(shown).ToString());
    }

    [Fact]
    public void Amateurs_fail_more_often_the_longer_the_plan()
    {
        var amateur = new Amateur(new AmateurHabits(0.3, 0.1), [new(WrongMethodKind.WrongOrder, 1)], new Seed(5).ToRandom());
        var attempts = Drawn("blocksworld", 400)
            .Select(shown => (shown.Steps.Length, IsValid: shown.Validator.Validate(amateur.Attempt(shown)).IsValid)).OrderBy(attempt => attempt.Length).ToList();
        int[] solved = [.. attempts.Chunk(200).Select(half => half.Count(attempt => attempt.IsValid))];
        Assert.True(solved[0] > solved[1] && solved[1] > 0, string.Join(' ', solved));
    }

    [Theory]
    [InlineData(WrongMethodKind.LeavesOut)]
    [InlineData(WrongMethodKind.StopsEarly)]
    [InlineData(WrongMethodKind.WrongOrder)]
    public void Wrong_methods_keep_to_the_steps_of_the_teacher_and_mostly_fail(WrongMethodKind kind)
    {
        var method = new WrongMethod(kind, 1, ["navigate"]);
        var random = new Random(3);
        int failed = 0;
        List<Demonstration> drawn = [.. Drawn("rovers", 40)];
        foreach (Demonstration shown in drawn)
        {
            IReadOnlyList<PlanStep> spoilt = method.Spoil(shown, random);
            Assert.Subset(shown.Steps.Select(step => step.ToString()).ToHashSet(), spoilt.Select(step => step.ToString()).ToHashSet());
            failed += shown.Validator.Validate(new Plan([.. spoilt])).IsValid ? 0 : 1;
        }

        Assert.InRange(failed, drawn.Count / 2, drawn.Count);
    }

    [Property(MaxTest = 30)]
    public bool Stretches_of_a_plan_each_reach_more_of_the_goal(int seed)
    {
        Demonstration shown = Drawn("blocksworld", 1, seed).Single();
        int[] ends = [.. shown.GoalSteps()];
        double[] shares = [.. ends.Select(end => shown.Validator.GoalShare(new Plan(shown.Steps[..end])))];
        return ends[^1] == shown.Steps.Length && shares[^1] == 1 && shares.Zip(shares.Skip(1), (a, b) => a < b).All(rises => rises);
    }

    [Theory]
    [InlineData("blocksworld")]
    [InlineData("rovers")]
    [InlineData("sokoban")]
    public void No_valid_demonstration_is_as_long_as_the_recipe_wants_unsolved(string name)
    {
        PlanningDomain domain = DomainCatalog.Find(name)!;
        DomainRecipe recipe = new PretrainingRecipe().Domains.Single(known => known.Name == name);
        var tokenizer = new WordTokenizer(WordFormat.Vocabulary(domain), WordFormat.Marks);
        var corpus = new DomainCorpus(recipe, perTask: 6, tokenizer, new Seed(3));
        int longer = 0;
        for (int i = 0; i < 300; i++)
        {
            TrainingSequence drawn = corpus.Draw(Amateurs);
            string answer = tokenizer.Decode(drawn.Tokens.AsSpan()[drawn.PromptLength..^1]);
            longer += new WordFormat(domain).ReadPlan(answer).Required().Length >= recipe.UnsolvedFrom ? 1 : 0;
        }

        Assert.InRange(longer, 20, 280);
        Assert.InRange(corpus.Count.LongestValid, 2, recipe.UnsolvedFrom - 1);
        Assert.Equal(300, corpus.Count.Demonstrations);
    }

    [Fact]
    public void Demonstrations_depend_on_the_seed_alone()
    {
        static IEnumerable<int> Tokens()
        {
            var recipe = new PretrainingRecipe();
            var tokenizer = new WordTokenizer(recipe.Domains.SelectMany(domain => WordFormat.Vocabulary(DomainCatalog.Find(domain.Name)!)).Distinct(), WordFormat.Marks);
            var corpus = new PretrainingCorpus(recipe, tokenizer, new Seed(9));
            return Enumerable.Range(0, 60).SelectMany(_ => corpus.Draw(Amateurs).Tokens).ToList();
        }

        Assert.Equal(Tokens(), Tokens());
    }

    [Fact]
    public void What_is_made_ahead_comes_in_order_and_failures_come_through()
    {
        static IEnumerable<int> Failing()
        {
            yield return 1;
            throw new InvalidOperationException("no more");
        }

        Assert.Equal(Enumerable.Range(0, 100), Prefetch.Ahead(Enumerable.Range(0, 100), 3));
        Assert.Equal([0, 1], Prefetch.Ahead(Enumerable.Range(0, int.MaxValue), 3).Take(2));
        Assert.Throws<InvalidOperationException>(() => Prefetch.Ahead(Failing(), 3).ToList());
    }

    [Fact]
    public void A_recipe_is_printed_and_read_back()
    {
        using var folder = new TemporaryFolder();
        string file = folder.File("recipe.json");
        var recipe = new PretrainingRecipe { Seed = 4, Dim = 112 };
        File.WriteAllText(file, recipe.Print());
        Assert.Equal(recipe.Print(), PretrainingRecipe.Read(file).Print());
    }

    [Theory]
    [InlineData("{\"heads\": 0}", "heads: 0 is less than 1")]
    [InlineData("{\"stages\": [{\"name\": \"a\", \"steps\": 5}]}", "stage 'a' has the teacher take")]
    [InlineData("{\"stages\": [{\"name\": \"a\", \"steps\": 5, \"habits\": {\"systematic\": 0, \"slip\": 0}}]}", "stage 'a' has amateurs who never slip")]
    [InlineData("{\"stages\": [{\"name\": \"a\", \"steps\": 5, \"mostSteps\": 4, \"sizes\": {\"rovers\": {\"blocks\": \"3\"}}}]}", "stage 'a': rovers has no size 'blocks'")]
    [InlineData("{\"domains\": [{\"name\": \"chess\", \"unsolvedFrom\": 9}]}", "unknown domain 'chess'")]
    [InlineData("{\"domains\": [{\"name\": \"ferry\", \"unsolvedFrom\": 9, \"wrongMethods\": [{\"kind\": \"leaves-out\", \"weight\": 1, \"actions\": [\"fly\"]}]}]}", "ferry has no action 'fly'")]
    [InlineData("{\n  \"dims\": 3\n}", "2:")]
    [InlineData("{\"stages\": [{\"name\": \"a\", \"steps\": 5, \"sizes\": {\"rovers\": {\"goals\": \"many\"}}}]}", "1:")]
    public void A_recipe_with_a_fault_is_refused_and_the_fault_named(string text, string fault)
    {
        using var folder = new TemporaryFolder();
        string file = folder.File("recipe.json");
        File.WriteAllText(file, text);
        string message = Assert.Throws<InputException>(() => PretrainingRecipe.Read(file)).Message;
        Assert.StartsWith(file + ":", message);
        Assert.StartsWith(fault, message[(file.Length + 1)..].TrimStart());
    }

    private static SizeRanges Sizes(string domain) => DomainCatalog.Find(domain)!.PoolSizes;

    private static IEnumerable<Demonstration> Drawn(string domain, int count, int seed = 1)
    {
        var teacher = new Teacher(DomainCatalog.Find(domain)!, TeacherKind.Generator, new Seed((ulong)seed).ToRandom());
        return Enumerable.Range(0, count).Select(_ => teacher.Demonstrate(Sizes(domain), 1000));
    }
}
