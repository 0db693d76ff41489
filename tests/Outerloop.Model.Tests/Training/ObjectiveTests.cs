using Outerloop.Model.Decoder;
using Outerloop.Model.Tests.Decoder;
using Outerloop.Model.Training;

namespace Outerloop.Model.Tests.Training;

/// <summary>Gradients of the objectives against differences of the objectives themselves, written out in double precision.</summary>
public sealed class ObjectiveTests
{
    private const int FirstTarget = 5;

    private static readonly TrainingOptions Options =
        new() { LearningRate = new() { Peak = 0 }, Threads = 1, Normalisation = LossNormalisation.SequenceSum };

    [Theory]
    [InlineData(1)]
    [InlineData(-0.7)]
    public void The_gradient_of_token_probability_is_that_of_the_summed_probabilities(double weight) =>
        AssertGradient(new TokenProbability(), weight, (now, _) => weight * now.Sum(Math.Exp));

    [Theory]
    [InlineData(1)]
    [InlineData(-0.7)]
    public void The_gradient_of_the_clipped_ratio_is_that_of_the_smaller_of_two_ratios(double advantage) =>
        AssertGradient(new ClippedRatio(0.2f), advantage, (now, before) => now.Zip(before, (p, b) =>
        {
            double ratio = Math.Exp(p - b);
            return Math.Min(ratio * advantage, Math.Clamp(ratio, 0.8, 1.2) * advantage);
        }).Average());

    [Fact]
    public void The_gradient_of_the_importance_weighted_sequence_is_that_of_its_ratio()
    {
        // Σ∇log p times the geometric mean of the ratios is the gradient of that mean times the number of tokens.
        AssertGradient(ImportanceWeight.OfSequence, 1, (now, before) => now.Length * Math.Exp(now.Zip(before, (p, b) => p - b).Average()));
        AssertGradient(ImportanceWeight.OfSequence, 1, (now, before) => 16 * now.Sum(), behaviourShift: -20);
    }

    [Fact]
    public void The_gradient_of_importance_weighted_tokens_is_that_of_their_ratios_within_bounds() =>
        AssertGradient(ImportanceWeight.OfTokens, 1, (now, before) => now.Zip(before, (p, b) =>
        {
            double ratio = Math.Exp(p - b), within = Math.Clamp(ratio, 0.2, 1.8);
            return within + (within * Math.Log(ratio / within));
        }).Sum());

    [Fact]
    public void At_the_behaviour_policy_the_importance_weighted_gradients_are_that_of_plain_fine_tuning()
    {
        Parameters parameters = SmallModels.Random(SmallModels.Tied, 3);
        int[] tokens = SmallModels.Tokens(SmallModels.Tied, 14, 4);
        var sequence = new TrainingSequence(tokens, FirstTarget, 0.5f)
        {
            BehaviourLogProbabilities = new LanguageModel(parameters).LogProbabilities(tokens, FirstTarget),
        };
        float[] plain = Trainer.Gradient(parameters, new TrainingBatch([sequence]), Options);
        foreach (ITraceObjective objective in (ITraceObjective[])[ImportanceWeight.OfSequence, ImportanceWeight.OfTokens])
            AssertNear(plain, Trainer.Gradient(parameters, new TrainingBatch([sequence]), Options with { Objective = objective }), 1e-5);
        float[] mean = Trainer.Gradient(parameters, new TrainingBatch([sequence]), Options with { Objective = new ClippedRatio(0.2f) });
        AssertNear([.. plain.Select(value => value / sequence.Targets)], mean, 1e-5);
    }

    [Fact]
    public void A_trace_without_its_behaviour_policy_is_refused_where_that_is_needed()
    {
        Parameters parameters = SmallModels.Random(SmallModels.Tied, 3);
        var batch = new TrainingBatch([new TrainingSequence([1, 2, 3, 4], 2) { BehaviourLogProbabilities = [-1f] }]);
        Assert.Throws<InvalidOperationException>(() => Trainer.Gradient(parameters, batch, Options with { Objective = new ClippedRatio(0.2f) }));
        Assert.Throws<InvalidOperationException>(() => Trainer.Gradient(parameters, batch, Options with { Objective = ImportanceWeight.OfTokens }));
    }

    /// <param name="objective">Whose gradient is checked.</param>
    /// <param name="weight">Of the sequence.</param>
    /// <param name="value">The objective of log-probabilities under the model and under the behaviour policy.</param>
    /// <param name="behaviourShift">Added to the latter, which otherwise are within ±0.9 of the former.</param>
    private static void AssertGradient(ITraceObjective objective, double weight, Func<double[], double[], double> value, double behaviourShift = 0)
    {
        Parameters parameters = SmallModels.Random(SmallModels.Tied, 1);
        int[] tokens = SmallModels.Tokens(SmallModels.Tied, 24, 2);
        var random = new SplitMix64(7);
        double[] values = [.. parameters.Values.Select(x => (double)x)];
        var reference = new ReferenceDecoder(parameters.Layout, values);
        double[] behaviour = [.. LogProbabilities(reference, tokens).Select(p => p + behaviourShift + (1.8 * (random.NextDouble() - 0.5)))];
        var sequence = new TrainingSequence(tokens, FirstTarget, (float)weight) { BehaviourLogProbabilities = [.. behaviour.Select(b => (float)b)] };

        float[] gradient = Trainer.Gradient(parameters, new TrainingBatch([sequence]), Options with { Objective = objective });

        double largest = gradient.Max(g => Math.Abs((double)g));
        int[] indices = [.. parameters.Layout.Slots.SelectMany(slot => Enumerable.Range(0, 4).Select(_ => slot.Offset + random.Next(slot.Length)))];
        foreach (int index in indices.Append(Array.FindIndex(gradient, g => Math.Abs(g) == largest)))
        {
            const double Step = 1e-6;
            double kept = values[index];
            values[index] = kept + Step;
            double above = value(LogProbabilities(reference, tokens), behaviour);
            values[index] = kept - Step;
            double below = value(LogProbabilities(reference, tokens), behaviour);
            values[index] = kept;
            Assert.Equal(-(above - below) / (2 * Step), gradient[index], 1e-3 * largest);
        }
    }

    private static double[] LogProbabilities(ReferenceDecoder reference, int[] tokens)
    {
        double[][] logits = reference.Logits(tokens);
        return [.. Enumerable.Range(FirstTarget, tokens.Length - FirstTarget).Select(t => ReferenceDecoder.LogProbability(logits[t - 1], tokens[t]))];
    }

    private static void AssertNear(float[] expected, float[] actual, double tolerance)
    {
        double scale = expected.Max(value => Math.Abs((double)value));
        for (int i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], actual[i], tolerance * scale);
    }
}
