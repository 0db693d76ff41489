using Outerloop.Model.Decoder;
using Outerloop.Model.Kernels;
using Outerloop.Model.Tests.Decoder;
using Outerloop.Model.Tests.Kernels.Emitted;
using Outerloop.Model.Training;

namespace Outerloop.Model.Tests.Training;

public sealed class MixedPrecisionTests
{
    private const int Steps = 120, Smoothed = 20;

    private static readonly ModelConfig Config = SmallModels.Tied with { Dim = 32, FeedForward = 48 };
    private static readonly TrainingOptions Options = new() { LearningRate = new() { Peak = 1e-2f }, Threads = 2 };

    [Fact]
    public void The_loss_curve_stays_within_the_noise_of_float()
    {
        KernelSet single = KernelSet.Available[^1];
        double[][] curves = [.. Enumerable.Range(0, 4).Select(order => Curve(single, (ulong)order))];
        Assert.True(curves[0][^1] < 0.5 * curves[0][0], "nothing is learnt");
        double noise = Enumerable.Range(1, 3).Average(order => Distance(curves[0], curves[order]));
        foreach (KernelSet kernels in MixedTiers.All)
            Assert.InRange(Distance(curves[0], Curve(kernels, order: 0)), 1e-9, noise / 2);
    }

    [Fact]
    public void The_number_of_threads_does_not_change_a_byte()
    {
        foreach (KernelSet kernels in MixedTiers.All)
        {
            float[][] trained = [.. new[] { 1, 2, 3 }.Select(threads =>
            {
                Parameters parameters = Parameters.Random(Config, 3);
                Trainer.Fit(kernels, parameters, new TrainingSet(Sequences(), 4, batchTokens: 90).Batches(), 4, Options with { Threads = threads });
                return parameters.Values;
            })];
            Assert.All(trained, values => Assert.Equal(trained[0], values));
        }
    }

    /// <summary>The mean distance of two curves, relative to the height of the first.</summary>
    private static double Distance(double[] a, double[] b) => a.Zip(b, (x, y) => Math.Abs(x - y) / x).Average();

    /// <summary>Means of the loss over some steps, of a training whose batches come in the order of a seed.</summary>
    private static double[] Curve(KernelSet kernels, ulong order)
    {
        var losses = new List<double>();
        var set = new TrainingSet(Sequences(), order, batchTokens: 120);
        Trainer.Fit(kernels, Parameters.Random(Config, 1), set.Batches(), Steps, Options, progress => losses.Add(progress.Loss));
        return [.. losses.Chunk(Smoothed).Select(losses => losses.Average())];
    }

    /// <summary>Each token follows from the two before it, by a rule that is to be found.</summary>
    private static TrainingSequence[] Sequences() =>
    [
        .. Enumerable.Range(0, 40).Select(i =>
        {
            int[] tokens = new int[20];
            (tokens[0], tokens[1]) = (i % 7, i / 7 % 7);
            for (int t = 2; t < tokens.Length; t++)
                tokens[t] = (tokens[t - 1] + (2 * tokens[t - 2])) % 7;
            return new TrainingSequence(tokens, PromptLength: 2);
        }),
    ];
}
