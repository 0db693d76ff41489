using Outerloop.Model.Adapters;
using Outerloop.Model.Decoder;
using Outerloop.Model.Kernels;
using Outerloop.Model.Tests.Decoder;
using Outerloop.Model.Training;

namespace Outerloop.Model.Tests.Adapters;

public sealed class AdapterTests
{
    private const ulong Key = 77;

    [Theory]
    [InlineData("Tied", 19, 5, 0f)]
    [InlineData("Tied", 19, 3, 0.3f)]
    [InlineData("Odd", 30, 20, 0f)]
    [InlineData("Odd", 21, 1, 0.5f)]
    [InlineData("Wide", 23, 4, 0.1f)]
    public void The_gradient_of_every_tensor_agrees_with_central_differences_in_every_tier(
        string model, int length, int firstTarget, float dropout)
    {
        Parameters @base = SmallModels.Random(SmallModels.Named(model), 3);
        Adapter adapter = SmallAdapters.Random(@base.Config, new() { Rank = 3, Alpha = 5, Dropout = dropout }, 4);
        int[] tokens = SmallModels.Tokens(@base.Config, length, 5);
        var random = new SplitMix64(6);
        float[] weights = [.. Enumerable.Range(0, length - firstTarget).Select(_ => random.NextNormal())];
        float[][] gradients = [.. KernelSet.Available.Select(kernels => Gradient(kernels, @base, adapter, tokens, firstTarget, weights))];
        double[] values = [.. adapter.Values.Select(value => (double)value)];
        ReferenceDecoder reference = Reference(@base, adapter, values, dropout > 0 ? Key : null);
        foreach (TensorSlot slot in adapter.Layout.Slots)
        {
            float largest = gradients[0][slot.Range].Max(MathF.Abs);
            Assert.True(largest > 0, slot.Name);
            for (int sample = 0; sample < 3; sample++)
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

    [Theory]
    [InlineData("Tied")]
    [InlineData("Odd")]
    public void Logits_agree_with_the_reference_and_with_those_of_the_merged_model(string model)
    {
        Parameters @base = SmallModels.Random(SmallModels.Named(model), 7);
        Adapter adapter = SmallAdapters.Random(@base.Config, new() { Rank = 5, Alpha = 9 }, 8);
        int[] tokens = SmallModels.Tokens(@base.Config, 21, 9);
        double[][] expected = Reference(@base, adapter, [.. adapter.Values.Select(value => (double)value)], null).Logits(tokens);
        foreach (KernelSet kernels in KernelSet.Available)
            AssertNear(expected, new LanguageModel(@base, kernels, adapter).Logits(tokens));
        AssertNear(expected, new LanguageModel(adapter.Merge(@base)).Logits(tokens));
        float[][] unadapted = new LanguageModel(@base).Logits(tokens);
        Assert.True(expected[^1].Zip(unadapted[^1], (a, b) => Math.Abs(a - b)).Max() > 0.1);
    }

    [Fact]
    public void A_fresh_adapter_changes_nothing()
    {
        Parameters @base = SmallModels.Random(SmallModels.Tied, 10);
        Adapter fresh = Adapter.Fresh(@base.Config, new(), 11);
        int[] tokens = SmallModels.Tokens(@base.Config, 12, 12);
        Assert.Equal(new LanguageModel(@base).Logits(tokens), new LanguageModel(new AdaptedModel(@base, fresh)).Logits(tokens));
        Assert.Equal(@base.Values, fresh.Merge(@base).Values);
        Assert.Contains(fresh.Values, value => value != 0);
    }

    [Theory]
    [InlineData(Projection.Query)]
    [InlineData(Projection.Key)]
    [InlineData(Projection.Value)]
    [InlineData(Projection.Output)]
    [InlineData(Projection.Gate)]
    [InlineData(Projection.Up)]
    [InlineData(Projection.Down)]
    public void Each_projection_can_be_trained_alone_on_a_base_that_stays_as_it_is(Projection projection)
    {
        Parameters @base = SmallModels.Random(SmallModels.Tied, 13), before = @base.Clone();
        Adapter adapter = Adapter.Fresh(@base.Config, new() { Rank = 2, Targets = [projection], Dropout = 0 }, 14);
        TrainingBatch[] batches = [.. Enumerable.Repeat(new TrainingBatch(Sequences(4)), 30)];
        var losses = new List<double>();
        Trainer.Fit(new AdaptedModel(@base, adapter), batches, 30, Options, step => losses.Add(step.Loss));
        Assert.Equal(before.Values, @base.Values);
        Assert.Equal(2, adapter.Layout.Updates.Length);
        Assert.All(adapter.Layout.Slots, slot => Assert.Contains($".{projection.Name()}.", slot.Name));
        Assert.True(losses[^1] < losses[0] - 0.1, $"{losses[0]} → {losses[^1]}");
    }

    [Fact]
    public void The_number_of_threads_does_not_change_a_byte_and_the_seed_does()
    {
        float[] Trained(int threads, ulong seed)
        {
            Parameters @base = SmallModels.Random(SmallModels.Tied, 15);
            Adapter adapter = Adapter.Fresh(@base.Config, new() { Rank = 4, Dropout = 0.2f }, 16);
            var set = new TrainingSet(Sequences(11), seed: 4, batchTokens: 90);
            Trainer.Fit(new AdaptedModel(@base, adapter), set.Batches(), 12, Options with { Threads = threads, Seed = seed });
            return adapter.Values;
        }

        float[] one = Trained(1, 1);
        Assert.All(new[] { 2, 3, 7 }, threads => Assert.Equal(one, Trained(threads, 1)));
        Assert.NotEqual(one, Trained(1, 2));
    }

    [Fact]
    public void Training_the_adapter_of_all_projections_learns_a_small_set_by_heart()
    {
        Parameters @base = SmallModels.Random(SmallModels.Tied, 17);
        Adapter adapter = Adapter.Fresh(@base.Config, new() { Rank = 16, Dropout = 0 }, 18);
        TrainingResult result = Trainer.Fit(
            new AdaptedModel(@base, adapter), new TrainingSet(Sequences(3), 19).Batches(), 250, Options);
        Assert.InRange(result.FinalLoss, 0, 0.7);
    }

    [Fact]
    public void An_adapter_of_another_shape_is_refused()
    {
        Adapter adapter = Adapter.Fresh(SmallModels.Tied, new(), 1);
        Assert.Throws<ArgumentException>(() => new LanguageModel(new AdaptedModel(SmallModels.Random(SmallModels.Odd, 1), adapter)));
        Assert.Throws<ArgumentException>(() => adapter.Merge(SmallModels.Random(SmallModels.Odd, 1)));
        Assert.Throws<ArgumentException>(() => Adapter.Fresh(SmallModels.Tied, new() { Targets = [] }, 1));
        Assert.Throws<ArgumentException>(() => Adapter.Fresh(SmallModels.Tied, new() { Rank = 0 }, 1));
        Assert.Throws<ArgumentException>(() => Adapter.Fresh(SmallModels.Tied, new() { Dropout = 1 }, 1));
        Assert.Throws<ArgumentException>(() => Adapter.Fresh(SmallModels.Tied, new() { Targets = [Projection.Up, Projection.Up] }, 1));
    }

    private static TrainingOptions Options { get; } = new() { LearningRate = new() { Peak = 1e-2f }, Threads = 1 };

    private static TrainingSequence[] Sequences(int count) =>
    [
        .. Enumerable.Range(0, count).Select(i =>
            new TrainingSequence([i, .. SmallModels.Tokens(SmallModels.Tied, 6 + (5 * i % 17), (ulong)i + 50)], 1 + (i % 4))),
    ];

    private static ReferenceDecoder Reference(Parameters @base, Adapter adapter, double[] values, ulong? dropoutKey) => new(
        @base.Layout,
        [.. @base.Values.Select(value => (double)value)],
        new ReferenceAdapter(adapter, values, @base.Layout, dropoutKey).Update);

    private static void AssertNear(double[][] expected, float[][] actual)
    {
        for (int row = 0; row < expected.Length; row++)
        {
            for (int token = 0; token < expected[row].Length; token++)
                Assert.Equal(expected[row][token], actual[row][token], 3e-5 * (1 + Math.Abs(expected[row][token])));
        }
    }

    private static float[] Gradient(
        KernelSet kernels, Parameters @base, Adapter adapter, int[] tokens, int firstTarget, float[] targetWeights)
    {
        var weights = new DecoderWeights(@base, training: true, adapter);
        var workspace = new DecoderWorkspace(@base.Config, training: true);
        workspace.Adapter.DropoutKey = Key;
        var gradient = new FloatBuffer(adapter.Layout.Length);
        SequenceGradient.Accumulate(
            kernels, weights, workspace, tokens, firstTarget, targetWeights, new float[targetWeights.Length], gradient);
        return gradient.Span.ToArray();
    }
}
