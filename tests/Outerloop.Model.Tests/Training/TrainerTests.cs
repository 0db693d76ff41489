using Outerloop.Model.Decoder;
using Outerloop.Model.Kernels;
using Outerloop.Model.Tests.Decoder;
using Outerloop.Model.Training;

namespace Outerloop.Model.Tests.Training;

public sealed class TrainerTests
{
    private static readonly TrainingOptions Options = new() { LearningRate = new() { Peak = 1e-2f }, Threads = 1 };

    [Fact]
    public void A_small_model_learns_a_small_set_by_heart()
    {
        Parameters parameters = Parameters.Random(SmallModels.Tied, 1);
        var set = new TrainingSet(Sequences(8), seed: 2, batchTokens: 60);
        TrainingResult result = Trainer.Fit(parameters, set.Batches(), 300, Options);
        Assert.InRange(result.FinalLoss, 0, 0.05);
        var model = new LanguageModel(parameters);
        foreach (TrainingSequence sequence in Sequences(8))
            Assert.True(model.LogProbabilities(sequence.Tokens, sequence.FirstTarget).Average() > -0.1);
    }

    [Fact]
    public void The_number_of_threads_does_not_change_a_byte()
    {
        float[][] trained = [.. new[] { 1, 2, 3, 4, 7 }.Select(threads =>
        {
            Parameters parameters = Parameters.Random(SmallModels.Wide, 3);
            var set = new TrainingSet(Sequences(11), seed: 4, batchTokens: 90);
            Trainer.Fit(parameters, set.Batches(), 12, Options with { Threads = threads });
            return parameters.Values;
        })];
        Assert.All(trained, values => Assert.Equal(trained[0], values));
        Assert.NotEqual(Parameters.Random(SmallModels.Wide, 3).Values, trained[0]);
    }

    [Fact]
    public void The_tiers_train_to_nearly_the_same_weights()
    {
        float[][] trained = [.. KernelSet.Available.Select(kernels =>
        {
            Parameters parameters = SmallModels.Random(SmallModels.Odd, 5);
            TrainingSequence[] sequences = [.. Sequences(4).Select(s => s with { Tokens = [.. s.Tokens.Select(t => t % 13)] })];
            Trainer.Fit(kernels, parameters, new TrainingSet(sequences, 6).Batches(), 5, Options);
            return parameters.Values;
        })];
        foreach (float[] values in trained)
        {
            double difference = values.Zip(trained[0], (a, b) => Math.Pow(a - b, 2)).Sum();
            Assert.InRange(Math.Sqrt(difference / values.Length), 0, 2e-4);
        }
    }

    [Fact]
    public void One_step_is_the_clipped_AdamW_step_on_the_gradient_of_the_mean_loss()
    {
        Parameters before = SmallModels.Random(SmallModels.Tied, 7), after = before.Clone();
        TrainingSequence[] sequences = Sequences(3);
        double norm = 0;
        Trainer.Fit(
            after, [new TrainingBatch(sequences)], 1, Options with { LearningRate = new() { Peak = 1e-2f, Decay = LearningRateDecay.None } },
            progress => norm = progress.GradientNorm);
        var gradient = new FloatBuffer(before.Layout.Length);
        var weights = new DecoderWeights(before, training: true);
        int targets = sequences.Sum(sequence => sequence.Targets);
        foreach (TrainingSequence sequence in sequences)
        {
            float[] each = [.. Enumerable.Repeat(sequence.Weight / targets, sequence.Targets)];
            SequenceGradient.Accumulate(
                KernelSet.Best, weights, new DecoderWorkspace(before.Config, training: true), sequence.Tokens, sequence.FirstTarget, each,
                new float[each.Length], gradient);
        }

        Assert.Equal(Math.Sqrt(gradient.Span.ToArray().Sum(g => (double)g * g)), norm, norm * 1e-5);
        foreach (TensorSlot slot in before.Layout.Slots)
        {
            for (int i = slot.Offset; i < slot.Range.End.Value; i++)
            {
                double g = gradient.Span[i] * Math.Min(1, 1 / norm);
                double decay = slot.Shape.Length > 1 ? 1e-2 * 0.01 * before.Values[i] : 0;
                // After one step the bias-corrected moments are g and g².
                double expected = before.Values[i] - decay - (1e-2 * g / (Math.Abs(g) + 1e-8));
                if (Math.Abs(g) > 1e-5)
                    Assert.Equal(expected, after.Values[i], 2e-6 + (1e-6 * Math.Abs(expected)));
            }
        }
    }

    [Fact]
    public void A_negative_weight_makes_a_trace_less_likely()
    {
        Parameters parameters = Parameters.Random(SmallModels.Tied, 8);
        TrainingSequence[] sequences = [Sequences(2)[0], Sequences(2)[1] with { Weight = -1 }];
        double[] Likelihoods() =>
            [.. sequences.Select(s => (double)new LanguageModel(parameters).LogProbabilities(s.Tokens, s.FirstTarget).Sum())];
        double[] before = Likelihoods();
        Trainer.Fit(
            parameters, Enumerable.Repeat(new TrainingBatch(sequences), 10), 10,
            Options with { LearningRate = new() { Peak = 1e-3f }, Normalisation = LossNormalisation.SequenceSum });
        double[] after = Likelihoods();
        Assert.True(after[0] > before[0]);
        Assert.True(after[1] < before[1]);
    }

    [Fact]
    public void Totals_count_every_token_and_progress_ends_at_the_last_step()
    {
        TrainingSequence[] sequences = Sequences(5);
        var steps = new List<TrainingProgress>();
        TrainingResult result = Trainer.Fit(
            Parameters.Random(SmallModels.Tied, 9), Enumerable.Repeat(new TrainingBatch(sequences), 100), 4, Options, steps.Add);
        Assert.Equal(4, result.Steps);
        Assert.Equal(4 * sequences.Sum(s => s.Tokens.Length), result.Tokens);
        Assert.Equal(4 * sequences.Sum(s => s.Targets), result.LossTokens);
        Assert.Equal([1, 2, 3, 4], steps.Select(step => step.Step));
        Assert.Equal(result.Tokens, steps[^1].Tokens);
        Assert.Equal(result.FinalLoss, steps[^1].Loss);
        Assert.Equal(Math.Log(21), steps[0].Loss, 0.05);
    }

    [Fact]
    public void Cancellation_stops_between_steps()
    {
        using var source = new CancellationTokenSource();
        int done = 0;
        Assert.Throws<OperationCanceledException>(() => Trainer.Fit(
            Parameters.Random(SmallModels.Tied, 10), Enumerable.Repeat(new TrainingBatch(Sequences(2)), 100), 100, Options,
            progress =>
            {
                done = progress.Step;
                if (done == 3)
                    source.Cancel();
            },
            source.Token));
        Assert.Equal(3, done);
    }

    [Fact]
    public void A_learning_rate_that_explodes_is_reported()
    {
        Parameters parameters = Parameters.Random(SmallModels.Tied, 11);
        parameters.Values[5] = float.NaN;
        Assert.Throws<ArithmeticException>(() => Trainer.Fit(parameters, [new TrainingBatch([new([0, 1, 2], 1)])], 1, Options));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Batches_that_cannot_be_trained_on_are_refused_whatever_the_number_of_threads(int threads)
    {
        TrainingSequence[] wrong = [new([1, 2, 21], 1), new([1, 2], 2), new(new int[66], 1)];
        foreach (TrainingSequence sequence in wrong)
        {
            Assert.Throws<ArgumentException>(() => Trainer.Fit(
                Parameters.Random(SmallModels.Tied, 12), [new TrainingBatch([.. Sequences(3), sequence])], 1,
                Options with { Threads = threads }));
        }

        Assert.Throws<ArgumentException>(() => Trainer.Fit(
            Parameters.Random(SmallModels.Tied, 12), [new TrainingBatch([])], 1, Options with { Threads = threads }));
    }

    [Fact]
    public void The_gradient_of_summed_log_likelihoods_is_the_sum_of_the_gradients_of_the_sequences()
    {
        Parameters parameters = SmallModels.Random(SmallModels.Tied, 13);
        TrainingOptions summed = Options with { Normalisation = LossNormalisation.SequenceSum };
        TrainingSequence[] sequences = [.. Sequences(5).Select((sequence, i) => sequence with { Weight = i % 2 })];
        float[] together = Trainer.Gradient(parameters, new TrainingBatch(sequences), summed);
        var expected = new double[together.Length];
        foreach (TrainingSequence sequence in sequences.Where(sequence => sequence.Weight != 0))
        {
            float[] one = Trainer.Gradient(parameters, new TrainingBatch([sequence]), summed);
            for (int i = 0; i < one.Length; i++)
                expected[i] += one[i] / 5.0;
        }

        double scale = expected.Max(Math.Abs);
        for (int i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], together[i], 1e-6 * scale);
    }

    private static TrainingSequence[] Sequences(int count) =>
    [
        .. Enumerable.Range(0, count).Select(i =>
            new TrainingSequence([i, .. SmallModels.Tokens(SmallModels.Tied, 6 + (5 * i % 17), (ulong)i + 50)], 1 + (i % 4))),
    ];
}
