using FsCheck.Xunit;
using Outerloop.Model.Tokenization;
using Outerloop.Model.Training;
using Outerloop.Planning.Domains;
using Outerloop.Planning.Pddl;
using Outerloop.Planning.Validation;
using Outerloop.Pretraining;
using Outerloop.Prompting;

namespace Outerloop.Tests.Pretraining;

public sealed class DemonstrationTests
{
    private static readonly PlanningDomain Domain = DomainCatalog.Find("blocksworld")!;
    private static readonly WordTokenizer Tokenizer = new([.. WordFormat.Words(Domain.Domain), .. Domain.InterchangeableNames], WordFormat.Marks);

    [Property]
    public bool The_teacher_solves_every_task_and_moves_no_block_more_than_twice(int seed)
    {
        Random random = new Seed((ulong)seed).ToRandom();
        Problem problem = Draw(2, 15, random);
        BlocksworldScene scene = BlocksworldScene.Of(problem);
        List<BlockMove> moves = BlocksworldTeacher.Solve(scene, random);
        var plan = new Plan([.. BlocksworldTeacher.Actions(scene, moves)]);
        return new PlanValidator(problem).Validate(plan).IsValid && moves.GroupBy(move => move.Block).All(group => group.Count() <= 2);
    }

    [Fact]
    public void A_perfect_amateur_is_the_teacher()
    {
        for (int seed = 0; seed < 50; seed++)
        {
            Problem problem = Draw(2, 9, new Seed((ulong)seed).ToRandom());
            List<PlanStep> steps = BlocksworldAmateur.Demonstrate(BlocksworldScene.Of(problem), new AmateurHabits(0, 0), new Seed(1).ToRandom());
            Assert.True(new PlanValidator(problem).Validate(new Plan([.. steps])).IsValid);
        }
    }

    [Fact]
    public void Amateurs_fail_more_often_the_longer_the_plan()
    {
        Random random = new Seed(5).ToRandom();
        double Solved(int blocks) => Enumerable.Range(0, 400).Count(_ =>
        {
            Problem problem = Draw(blocks, blocks, random);
            List<PlanStep> steps = BlocksworldAmateur.Demonstrate(BlocksworldScene.Of(problem), new AmateurHabits(0.3, 0.1), random);
            return new PlanValidator(problem).Validate(new Plan([.. steps])).IsValid;
        });
        double[] rates = [Solved(3), Solved(6), Solved(12)];
        Assert.True(rates[0] > rates[1] && rates[1] > rates[2] && rates[2] > 0, string.Join(' ', rates));
    }

    [Fact]
    public void No_demonstration_from_six_blocks_on_is_valid()
    {
        var recipe = new PretrainingRecipe();
        var corpus = new PretrainingCorpus(recipe, Domain, Tokenizer, new Seed(3).ToRandom());
        PretrainingStage stage = new("test", 1, 2, 9, new AmateurHabits(0, 0.05));
        int larger = 0;
        for (int i = 0; i < 400; i++)
        {
            TrainingSequence drawn = corpus.Draw(stage);
            string prompt = Tokenizer.Decode(drawn.Tokens.AsSpan()[..drawn.PromptLength]);
            larger += prompt.Split(' ').Where(word => Domain.InterchangeableNames.Contains(word)).Distinct().Count() >= recipe.UnsolvedFrom ? 1 : 0;
        }

        Assert.InRange(larger, 100, 300);
        Assert.InRange(corpus.LargestSolved, 2, recipe.UnsolvedFrom - 1);
        Assert.Equal(400, corpus.Count);
    }

    [Fact]
    public void A_recipe_is_printed_and_read_back()
    {
        string file = Path.GetTempFileName();
        try
        {
            var recipe = new PretrainingRecipe { Seed = 4, Dim = 96 };
            File.WriteAllText(file, recipe.Print());
            Assert.Equal(recipe.Print(), PretrainingRecipe.Read(file).Print());
            File.WriteAllText(file, "{\"heads\": 0}");
            Assert.Equal($"{file}: heads: 0 is less than 1", Assert.Throws<InputException>(() => PretrainingRecipe.Read(file)).Message);
            File.WriteAllText(file, "{\"stages\": [{\"name\": \"a\", \"steps\": 5, \"minBlocks\": 6, \"maxBlocks\": 6}]}");
            Assert.StartsWith($"{file}: stage 'a' has the teacher", Assert.Throws<InputException>(() => PretrainingRecipe.Read(file)).Message);
            File.WriteAllText(file, "{\n  \"dims\": 3\n}");
            Assert.StartsWith($"{file}:2:", Assert.Throws<InputException>(() => PretrainingRecipe.Read(file)).Message);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static Problem Draw(int min, int max, Random random) =>
        PddlReader.ReadProblem(new SourceText("p.pddl", Domain.GenerateProblem("p", Domain.PoolSizes.With("blocks", min, max), random)), Domain.Domain).Required();
}
