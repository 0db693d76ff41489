using Outerloop.Model.Checkpoints;
using Outerloop.Model.Decoder;
using Outerloop.Model.Kernels;
using Outerloop.Model.Tests.Kernels;

namespace Outerloop.Model.Tests.Decoder;

public sealed class DecoderTests
{
    [Theory]
    [InlineData("Tied", 19)]
    [InlineData("Tied", 1)]
    [InlineData("Odd", 33)]
    [InlineData("Wide", 23)]
    public void Logits_agree_with_the_reference_in_every_tier(string model, int length)
    {
        Parameters parameters = SmallModels.Random(SmallModels.Named(model), 1);
        int[] tokens = SmallModels.Tokens(parameters.Config, length, 2);
        double[][] expected = Reference(parameters).Logits(tokens);
        foreach (KernelSet kernels in KernelSet.Available)
        {
            float[][] actual = new LanguageModel(parameters, kernels).Logits(tokens);
            Assert.Equal(expected.Length, actual.Length);
            for (int row = 0; row < expected.Length; row++)
            {
                for (int token = 0; token < expected[row].Length; token++)
                    Assert.Equal(expected[row][token], actual[row][token], 2e-5 * (1 + Math.Abs(expected[row][token])));
            }
        }
    }

    [Theory]
    [InlineData("Tied")]
    [InlineData("Odd")]
    public void A_checkpoint_written_and_read_gives_the_logits_of_the_reference(string model)
    {
        Parameters parameters = SmallModels.Random(SmallModels.Named(model), 6);
        int[] tokens = SmallModels.Tokens(parameters.Config, 21, 7);
        string folder = Path.Combine(Directory.CreateTempSubdirectory("outerloop-checkpoint-").FullName, "model");
        CheckpointFolder.Save(folder, parameters);
        float[][] actual = new LanguageModel(CheckpointFolder.Load(folder).Parameters).Logits(tokens);
        Directory.Delete(Path.GetDirectoryName(folder)!, recursive: true);
        double[][] expected = Reference(parameters).Logits(tokens);
        for (int row = 0; row < expected.Length; row++)
        {
            for (int token = 0; token < expected[row].Length; token++)
                Assert.Equal(expected[row][token], actual[row][token], 1e-4);
        }
    }

    [Theory]
    [InlineData("Tied", 19, 5)]
    [InlineData("Tied", 3, 1)]
    [InlineData("Odd", 33, 1)]
    [InlineData("Odd", 33, 20)]
    [InlineData("Wide", 23, 14)]
    public void The_gradient_of_every_tensor_agrees_with_central_differences_in_every_tier(string model, int length, int firstTarget)
    {
        Parameters parameters = SmallModels.Random(SmallModels.Named(model), 3);
        int[] tokens = SmallModels.Tokens(parameters.Config, length, 4);
        var random = new SplitMix64(5);
        float[] weights = [.. Enumerable.Range(0, length - firstTarget).Select(_ => random.NextNormal())];
        if (weights.Length > 4)
            weights[2] = 0;
        float[][] gradients = [.. KernelSet.Available.Select(kernels => Gradient(kernels, parameters, tokens, firstTarget, weights))];
        double[] values = [.. parameters.Values.Select(value => (double)value)];
        var reference = new ReferenceDecoder(parameters.Layout, values);
        foreach (TensorSlot slot in parameters.Layout.Slots)
        {
            float largest = gradients[0][slot.Range].Max(MathF.Abs);
            Assert.True(largest > 0, slot.Name);
            for (int sample = 0; sample < 8; sample++)
            {
                int index = sample == 0
                    ? slot.Offset + Array.FindIndex(gradients[0][slot.Range], value => MathF.Abs(value) == largest)
                    : slot.Offset + random.Next(slot.Length);
                const double Step = 1e-5;
                double kept = values[index];
                values[index] = kept + Step;
                double above = reference.Loss(tokens, firstTarget, weights);
                values[index] = kept - Step;
                double below = reference.Loss(tokens, firstTarget, weights);
                values[index] = kept;
                double expected = (above - below) / (2 * Step);
                foreach (float[] gradient in gradients)
                    Assert.Equal(expected, gradient[index], 1e-3 * Math.Max(Math.Abs(expected), 0.01 * largest));
            }
        }
    }

    [Fact]
    public void Logits_of_a_trace_have_the_same_bits_with_and_without_those_of_its_prompt()
    {
        Parameters parameters = SmallModels.Random(SmallModels.Tied, 6);
        int[] tokens = SmallModels.Tokens(parameters.Config, 40, 7);
        foreach (KernelSet kernels in KernelSet.Available)
        {
            var weights = new DecoderWeights(parameters, training: false);
            var workspace = new DecoderWorkspace(parameters.Config, training: true);
            float[] all = DecoderForward.Run(kernels, weights, workspace, tokens, 0).SliceRows(23, 17).Values();
            Assert.Equal(all, DecoderForward.Run(kernels, weights, workspace, tokens, 23).Values());
        }
    }

    [Fact]
    public void Logits_of_a_sequence_have_the_same_bits_whatever_the_workspace_did_before()
    {
        Parameters parameters = SmallModels.Random(SmallModels.Tied, 8);
        int[] tokens = SmallModels.Tokens(parameters.Config, 21, 9);
        var used = new LanguageModel(parameters);
        for (int length = 60; length > 0; length -= 7)
            used.Logits(SmallModels.Tokens(parameters.Config, length, (ulong)length));
        Assert.Equal(new LanguageModel(parameters).Logits(tokens), used.Logits(tokens));
    }

    [Fact]
    public void Log_probabilities_are_those_of_the_logits_and_of_the_training_loss()
    {
        Parameters parameters = SmallModels.Random(SmallModels.Odd, 10);
        int[] tokens = SmallModels.Tokens(parameters.Config, 30, 11);
        const int FirstTarget = 12;
        foreach (KernelSet kernels in KernelSet.Available)
        {
            var model = new LanguageModel(parameters, kernels);
            float[] actual = model.LogProbabilities(tokens, FirstTarget);
            float[][] logits = model.Logits(tokens);
            for (int t = FirstTarget; t < tokens.Length; t++)
            {
                double[] row = [.. logits[t - 1].Select(value => (double)value)];
                Assert.Equal(ReferenceDecoder.LogProbability(row, tokens[t]), actual[t - FirstTarget], 1e-5);
            }

            var fromTraining = new float[actual.Length];
            Gradient(kernels, parameters, tokens, FirstTarget, new float[actual.Length], fromTraining);
            Assert.Equal(actual, fromTraining);
        }
    }

    [Fact]
    public void Tokens_outside_the_vocabulary_or_the_positions_are_refused()
    {
        var model = new LanguageModel(SmallModels.Random(SmallModels.Tied, 12));
        Assert.Throws<ArgumentException>(() => model.Logits([0, 21]));
        Assert.Throws<ArgumentException>(() => model.Logits([-1]));
        Assert.Throws<ArgumentException>(() => model.Logits([]));
        Assert.Throws<ArgumentException>(() => model.Logits(new int[65]));
        Assert.Throws<ArgumentException>(() => model.LogProbabilities([1, 2], 0));
        Assert.Throws<ArgumentException>(() => model.LogProbabilities([1, 2], 2));
    }

    private static ReferenceDecoder Reference(Parameters parameters) =>
        new(parameters.Layout, [.. parameters.Values.Select(value => (double)value)]);

    private static float[] Gradient(
        KernelSet kernels, Parameters parameters, int[] tokens, int firstTarget, float[] targetWeights, float[]? logProbabilities = null)
    {
        var weights = new DecoderWeights(parameters, training: true);
        var workspace = new DecoderWorkspace(parameters.Config, training: true);
        var gradient = new FloatBuffer(parameters.Layout.Length);
        SequenceGradient.Accumulate(
            kernels, weights, workspace, tokens, firstTarget, targetWeights,
            logProbabilities ?? new float[targetWeights.Length], gradient);
        return gradient.Span.ToArray();
    }
}
