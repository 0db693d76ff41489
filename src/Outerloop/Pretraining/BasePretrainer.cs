using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
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
public sealed record PretrainingResult(
    string Weights, int Parameters, long Tokens, ImmutableArray<DemonstrationCount> Demonstrations, double FinalLoss);

/// <summary>Makes a base: generation 0 of every run that names no other.</summary>
public sealed class BasePretrainer(PretrainingRecipe recipe, int threads)
{
    private const string RecipeFile = "recipe.json";
    private const int BatchesAhead = 16;

    /// <summary>
    /// Trains from random weights and writes the model and its recipe. One that was interrupted goes on from the state that it
    /// left beside the folder, and ends with the same bytes.
    /// </summary>
    /// <exception cref="OutsideException">The folder cannot be written, or the state beside it is of another recipe.</exception>
    public PretrainingResult Pretrain(string folder, Action<PretrainingStep> progress, CancellationToken cancellation)
    {
        try
        {
            return Train(folder, progress, cancellation);
        }
        catch (CheckpointException problem)
        {
            throw new OutsideException(problem.Message, problem);
        }
    }

    private PretrainingResult Train(string folder, Action<PretrainingStep> progress, CancellationToken cancellation)
    {
        var seed = new Seed((ulong)recipe.Seed);
        var tokenizer = new WordTokenizer(recipe.Domains.SelectMany(domain => WordFormat.Vocabulary(DomainCatalog.Find(domain.Name)!)).Distinct(), WordFormat.Marks);
        Parameters parameters = Parameters.Random(Shape(tokenizer.VocabularySize), seed.Then("weights").Value);
        var corpus = new PretrainingCorpus(recipe, tokenizer, seed.Then("demonstrations"));
        TrainingOptions options = Options(folder);
        TrainingResult result = Trainer.Fit(
            parameters,
            Prefetch.Ahead(Batches(corpus), BatchesAhead),
            recipe.Steps,
            options,
            step => progress(new PretrainingStep(StageOf(step.Step), step.Step, step.Steps, step.Tokens, step.Loss)),
            cancellation);
        string weights = Save(folder, parameters, tokenizer);
        options.Checkpoints!.Delete();
        return new PretrainingResult(weights, parameters.Values.Length, result.Tokens, [.. corpus.Counts], result.FinalLoss);
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

    private TrainingOptions Options(string folder) => new()
    {
        LearningRate = new LearningRateSchedule { Peak = (float)recipe.LearningRate, WarmUp = 0.02f },
        Threads = threads,
        Checkpoints = new TrainingCheckpoints
        {
            File = Path.TrimEndingDirectorySeparator(folder) + ".training",
            Job = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(recipe.Print()))),
        },
    };

    /// <summary>The batches of stage after stage.</summary>
    private IEnumerable<TrainingBatch> Batches(PretrainingCorpus corpus)
    {
        foreach (PretrainingStage stage in recipe.Stages)
        {
            for (int step = 0; step < stage.Steps; step++)
                yield return Fill(stage, corpus);
        }
    }

    private TrainingBatch Fill(PretrainingStage stage, PretrainingCorpus corpus)
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

    /// <summary>Name of the stage of a step, counted from 1.</summary>
    private string StageOf(int step)
    {
        foreach (PretrainingStage stage in recipe.Stages)
        {
            step -= stage.Steps;
            if (step <= 0)
                return stage.Name;
        }

        return recipe.Stages[^1].Name;
    }

    private string Save(string folder, Parameters parameters, ITokenizer tokenizer)
    {
        string hash = CheckpointFolder.Save(folder, parameters, tokenizer);
        AtomicFile.Write(Path.Combine(folder, RecipeFile), recipe.Print());
        return hash;
    }
}
