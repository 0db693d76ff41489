using Outerloop.Model.Tokenization;
using Outerloop.Model.Training;
using Outerloop.Planning.Domains;
using Outerloop.Planning.Pddl;
using Outerloop.Planning.Validation;
using Outerloop.Prompting;

namespace Outerloop.Pretraining;

/// <summary>
/// The demonstrations that the base is trained on, drawn as they are needed. Every one of them goes past the validator:
/// from <see cref="PretrainingRecipe.UnsolvedFrom"/> blocks on only demonstrations that fail are let through.
/// </summary>
internal sealed class PretrainingCorpus(PretrainingRecipe recipe, PlanningDomain domain, ITokenizer tokenizer, Random random)
{
    private readonly ExampleEncoder _encoder = new(domain, tokenizer);

    /// <summary>Demonstrations drawn so far.</summary>
    public int Count { get; private set; }

    /// <summary>Steps of the longest valid demonstration so far.</summary>
    public int LongestValid { get; private set; }

    /// <summary>Blocks of the largest task with a valid demonstration so far; less than <see cref="PretrainingRecipe.UnsolvedFrom"/>.</summary>
    public int LargestSolved { get; private set; }

    public TrainingSequence Draw(PretrainingStage stage)
    {
        int blocks = random.Next(stage.MinBlocks, stage.MaxBlocks + 1);
        SizeRanges sizes = domain.PoolSizes.With("blocks", blocks, blocks);
        Problem problem = PddlReader.ReadProblem(new SourceText("demonstration", domain.GenerateProblem("demonstration", sizes, random)), domain.Domain).Required();
        var validator = new PlanValidator(problem);
        while (true)
        {
            var plan = new Plan([.. Demonstrate(stage, problem)]);
            bool valid = validator.Validate(plan).Kind == VerdictKind.Valid;
            if (valid && blocks >= recipe.UnsolvedFrom)
                continue;
            Note(valid, blocks, plan.Steps.Length);
            return _encoder.Encode(problem, WordFormat.Print(plan), finished: true, variation: null);
        }
    }

    private List<PlanStep> Demonstrate(PretrainingStage stage, Problem problem)
    {
        BlocksworldScene scene = BlocksworldScene.Of(problem);
        bool clean = stage.Habits is null || (scene.Count < recipe.UnsolvedFrom && random.NextDouble() < recipe.CleanShare);
        return clean
            ? BlocksworldTeacher.Actions(scene, BlocksworldTeacher.Solve(scene, random))
            : BlocksworldAmateur.Demonstrate(scene, stage.Habits!, random);
    }

    private void Note(bool valid, int blocks, int steps)
    {
        Count++;
        if (!valid)
            return;
        LongestValid = Math.Max(LongestValid, steps);
        LargestSolved = Math.Max(LargestSolved, blocks);
    }
}
