using Outerloop.Configuration;
using Outerloop.Model.Tokenization;
using Outerloop.Model.Training;
using Outerloop.Planning.Domains;
using Outerloop.Prompting;

namespace Outerloop.Training;

/// <summary>
/// The examples of a fine-tuning, epoch after epoch: each epoch in another order and, where the settings say so, in
/// other words.
/// </summary>
internal sealed class ExampleStream
{
    private readonly TrainingJob _job;
    private readonly TrainerSettings _settings;
    private readonly ExampleEncoder _encoder;
    private readonly int _endOfText;

    public ExampleStream(TrainingJob job, TrainerSettings settings, ITokenizer tokenizer)
    {
        _job = job;
        _settings = settings;
        _encoder = new ExampleEncoder(DomainCatalog.Find(job.Domain)!, tokenizer);
        _endOfText = tokenizer.EndOfText;
        int batches = Epoch(0).Count;
        Steps = Math.Max(settings.MinSteps, (int)Math.Ceiling(settings.Epochs * batches));
    }

    /// <summary>Optimiser steps of the whole fine-tuning.</summary>
    public int Steps { get; }

    /// <summary>Batches without end.</summary>
    public IEnumerable<TrainingBatch> Batches()
    {
        for (int epoch = 0; ; epoch++)
        {
            foreach (TrainingBatch batch in Epoch(epoch))
                yield return batch;
        }
    }

    private IReadOnlyList<TrainingBatch> Epoch(int epoch)
    {
        TrainingSequence[] sequences = [.. _job.Examples.Select((example, i) => Encode(example, epoch, i))];
        return new TrainingSet(sequences, _job.Seed.Then("order").Value, _settings.BatchTokens).Epoch(epoch);
    }

    private TrainingSequence Encode(TrainingExample example, int epoch, int index)
    {
        Random? variation = _settings.Augment ? _job.Seed.Then("variation").Then(epoch).Then(index).ToRandom() : null;
        bool finished = example.Trace.Tokens.Count > 0 && example.Trace.Tokens[^1] == _endOfText;
        return _encoder.Encode(example.Task.Problem, example.Trace.Text, finished, variation);
    }
}
