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
    private readonly TrainingExample[] _trained, _heldOut;
    private readonly float[]? _weights;
    private readonly BehaviourPolicies? _behaviour;

    public ExampleStream(TrainingJob job, TrainerSettings settings, ITokenizer tokenizer)
    {
        _job = job;
        _settings = settings;
        TrainerKind kind = TrainerCatalog.Find(settings.Kind);
        (_trained, _heldOut) = Split(job, settings.Validation);
        _weights = kind.Advantage?.Invoke(_trained);
        if (_weights?.All(weight => weight == 0) == true)
            throw new InputException($"{job.Domain}: nothing to learn for generation {job.Generation}: {kind.Name} finds no trace better than another; deploy on more tasks or with more --samples, or train more gently (--trainer-learning-rate, --trainer-epochs)");
        _behaviour = kind.ComparesWithBehaviour ? new BehaviourPolicies(job.BehaviourFolders) : null;
        _encoder = new ExampleEncoder(DomainCatalog.Find(job.Domain)!, tokenizer);
        _endOfText = tokenizer.EndOfText;
        IReadOnlyList<TrainingBatch> first = Epoch(0);
        (Steps, StepsPerPass) = (StepsFor(first), first.Count);
    }

    /// <summary>Optimiser steps of the whole fine-tuning.</summary>
    public int Steps { get; }

    /// <summary>Steps of the first pass over the traces; of the others to about one.</summary>
    public int StepsPerPass { get; }

    /// <summary>The held-out traces in the words in which they were sampled.</summary>
    public IReadOnlyList<TrainingSequence> Validation => [.. _heldOut.Select(example => Encode(example, variation: null))];

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
        TrainingSequence[] sequences = [.. _trained.Select((_, i) => Weighed(i, Variation(epoch, i)))];
        return new TrainingSet(sequences, _job.Seed.Then("order").Value, _settings.BatchTokens).Epoch(epoch);
    }

    /// <summary>By the setting of tokens, if there is one: as many steps as come nearest to it.</summary>
    private int StepsFor(IReadOnlyList<TrainingBatch> epoch)
    {
        if (_settings.Tokens == 0)
            return Math.Max(_settings.MinSteps, (int)Math.Ceiling(_settings.Epochs * epoch.Count));
        int steps = 0;
        long read = 0;
        foreach (int tokens in TokensOfSteps())
        {
            if (steps > 0 && read + (tokens / 2) > _settings.Tokens)
                break;
            read += tokens;
            steps++;
        }

        return steps;
    }

    /// <summary>Tokens of step after step: other words for a task are as many, and what a trace weighs changes no batch.</summary>
    private IEnumerable<int> TokensOfSteps()
    {
        var plain = new TrainingSet([.. _trained.Select(example => Encode(example, variation: null))], _job.Seed.Then("order").Value, _settings.BatchTokens);
        for (int epoch = 0; ; epoch++)
        {
            foreach (TrainingBatch batch in plain.Epoch(epoch))
                yield return batch.Sequences.Sum(sequence => sequence.Tokens.Length);
        }
    }

    /// <summary>A share of the examples, drawn by the seed, is held out; at least one is trained on.</summary>
    private static (TrainingExample[] Trained, TrainingExample[] HeldOut) Split(TrainingJob job, double share)
    {
        int count = Math.Min(job.Examples.Count - 1, (int)Math.Round(share * job.Examples.Count));
        if (count <= 0)
            return ([.. job.Examples], []);
        int[] order = [.. Enumerable.Range(0, job.Examples.Count)];
        job.Seed.Then("validation").ToRandom().Shuffle(order);
        HashSet<int> heldOut = [.. order[..count]];
        return (
            [.. job.Examples.Where((_, i) => !heldOut.Contains(i))],
            [.. job.Examples.Where((_, i) => heldOut.Contains(i))]);
    }

    private Random? Variation(int epoch, int index) =>
        _settings.Augment && _encoder.CanRetell ? _job.Seed.Then("variation").Then(epoch).Then(index).ToRandom() : null;

    private TrainingSequence Weighed(int index, Random? variation)
    {
        TrainingSequence sequence = Encode(_trained[index], variation) with { Weight = _weights?[index] ?? 1 };
        return _behaviour?.Compare(sequence, _trained[index].Trace.Id.Generation) ?? sequence;
    }

    private TrainingSequence Encode(TrainingExample example, Random? variation)
    {
        if (variation is null)
            return _encoder.EncodeAsSampled(example.Task.Problem, example.Trace.Tokens);
        bool finished = example.Trace.Tokens.Count > 0 && example.Trace.Tokens[^1] == _endOfText;
        return _encoder.Encode(example.Task.Problem, example.Trace.Text, finished, variation);
    }
}
