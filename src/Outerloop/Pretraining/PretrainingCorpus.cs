using Outerloop.Model.Tokenization;
using Outerloop.Model.Training;
using Outerloop.Planning.Domains;
using Outerloop.Planning.Pddl;
using Outerloop.Planning.Validation;
using Outerloop.Prompting;
using Outerloop.Tasks;

namespace Outerloop.Pretraining;

/// <summary>
/// The demonstrations that the base is trained on, drawn as they are needed. Every one of them goes past the validator:
/// from <see cref="PretrainingRecipe.UnsolvedFrom"/> blocks on only demonstrations that fail are let through. Tasks that
/// runs hold out are not demonstrated.
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
        Problem problem = DrawProblem(domain.PoolSizes.With("blocks", blocks, blocks));
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

    /// <summary>A problem that no run holds out.</summary>
    private Problem DrawProblem(SizeRanges sizes)
    {
        while (true)
        {
            var text = new SourceText("demonstration", domain.GenerateProblem("demonstration", sizes, random));
            Problem problem = PddlReader.ReadProblem(text, domain.Domain).Required();
            if (!TaskGenerator.IsHeldOut(ProblemFingerprint.Of(problem)))
                return problem;
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
