using Outerloop.Model.Checkpoints;
using Outerloop.Model.Decoder;
using Outerloop.Model.Tokenization;
using Outerloop.Model.Training;
using Outerloop.Planning.Domains;
using Outerloop.Prompting;

namespace Outerloop.Pretraining;

/// <summary>How far a pre-training is.</summary>
public sealed record PretrainingStep(string Stage, int Step, int Steps, long Tokens, double Loss);

/// <summary>What came of a pre-training.</summary>
/// <param name="Weights">SHA-256 of the weights.</param>
/// <param name="LongestValid">Steps of the longest valid demonstration.</param>
/// <param name="LargestSolved">Blocks of the largest task with a valid demonstration.</param>
public sealed record PretrainingResult(
    string Weights, int Parameters, long Tokens, int Demonstrations, int LongestValid, int LargestSolved, double FinalLoss);

/// <summary>Makes a base: generation 0 of every run that names no other.</summary>
public sealed class BasePretrainer(PretrainingRecipe recipe, int threads)
{
    private const string RecipeFile = "recipe.json";

    private readonly PlanningDomain _domain = DomainCatalog.Find("blocksworld")!;

    /// <summary>Trains from random weights and writes the model and its recipe.</summary>
    /// <exception cref="OutsideException">The folder cannot be written.</exception>
    public PretrainingResult Pretrain(string folder, Action<PretrainingStep> progress, CancellationToken cancellation)
    {
        var seed = new Seed((ulong)recipe.Seed);
        var tokenizer = new WordTokenizer([.. WordFormat.Words(_domain.Domain), .. _domain.InterchangeableNames], WordFormat.Marks);
        Parameters parameters = Parameters.Random(Shape(tokenizer.VocabularySize), seed.Then("weights").Value);
        var corpus = new PretrainingCorpus(recipe, _domain, tokenizer, seed.Then("demonstrations").ToRandom());
        var batches = new StagedBatches(recipe, corpus);
        TrainingResult result = Trainer.Fit(
            parameters,
            batches.All(),
            recipe.Steps,
            Options(),
            step => progress(new PretrainingStep(batches.Stage, step.Step, step.Steps, step.Tokens, step.Loss)),
            cancellation);
        return new PretrainingResult(
            Save(folder, parameters, tokenizer),
            parameters.Values.Length,
            result.Tokens,
            corpus.Count,
            corpus.LongestValid,
            corpus.LargestSolved,
            result.FinalLoss);
    }

    private ModelConfig Shape(int vocabulary) => new()
    {
        Layers = recipe.Layers,
        Dim = recipe.Dim,
        Heads = recipe.Heads,
        KvHeads = recipe.KvHeads,
        HeadDim = recipe.HeadDim,
        FeedForward = recipe.FeedForward,
        Vocabulary = vocabulary,
        MaxPositions = recipe.MaxPositions,
    };

    private TrainingOptions Options() => new()
    {
        LearningRate = new LearningRateSchedule { Peak = (float)recipe.LearningRate, WarmUp = 0.02f },
        Threads = threads,
    };

    private string Save(string folder, Parameters parameters, ITokenizer tokenizer)
    {
        try
        {
            string hash = CheckpointFolder.Save(folder, parameters, tokenizer);
            AtomicFile.Write(Path.Combine(folder, RecipeFile), recipe.Print());
            return hash;
        }
        catch (CheckpointException problem)
        {
            throw new OutsideException(problem.Message, problem);
        }
    }

    /// <summary>The batches of stage after stage, drawn as they are asked for.</summary>
    private sealed class StagedBatches(PretrainingRecipe recipe, PretrainingCorpus corpus)
    {
        /// <summary>Name of the stage of the last batch.</summary>
        public string Stage { get; private set; } = "";

        public IEnumerable<TrainingBatch> All()
        {
            foreach (PretrainingStage stage in recipe.Stages)
            {
                Stage = stage.Name;
                for (int step = 0; step < stage.Steps; step++)
                    yield return Fill(stage);
            }
        }

        private TrainingBatch Fill(PretrainingStage stage)
        {
            var sequences = new List<TrainingSequence>();
            for (int tokens = 0; tokens < recipe.BatchTokens;)
            {
                TrainingSequence drawn = corpus.Draw(stage);
                sequences.Add(drawn);
                tokens += drawn.Tokens.Length;
            }

            return new TrainingBatch(sequences);
        }
    }
}
