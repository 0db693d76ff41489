using Outerloop.Model.Decoder;
using Outerloop.Model.Training;

namespace Outerloop.Theory;

/// <summary>
/// Sums of ∇ log π(y|x) over traces, each with its weight: the whole-trace summed log-likelihood that the propositions are
/// about, not a mean over tokens. Traces are taken through the network in parts, whose gradients are added up in double
/// precision.
/// </summary>
internal sealed class ScoreFunction(Parameters parameters, int threads, Action<int, int> progress, CancellationToken cancellation)
{
    private const int Part = 64;

    private readonly TrainingOptions _options = new()
    {
        LearningRate = new LearningRateSchedule { Peak = 0 },
        Normalisation = LossNormalisation.SequenceSum,
        Threads = threads,
    };

    public Parameters Parameters => parameters;

    /// <returns>Σ weight[i]·∇ log π(trace i), in the layout of the parameters.</returns>
    public double[] Sum(IReadOnlyList<TrainingSequence> traces, IReadOnlyList<double> weights)
    {
        var sum = new double[parameters.Layout.Length];
        // The network knows floats; weights far below their range are brought into it first.
        double unit = weights.Select(Math.Abs).DefaultIfEmpty().Max();
        if (unit == 0)
            return sum;
        for (int start = 0; start < traces.Count; start += Part)
        {
            cancellation.ThrowIfCancellationRequested();
            TrainingSequence[] part = [.. Enumerable.Range(start, Math.Min(Part, traces.Count - start)).Select(i => traces[i] with { Weight = (float)(weights[i] / unit) })];
            float[] gradient = Trainer.Gradient(parameters, new TrainingBatch(part), _options);
            for (int i = 0; i < sum.Length; i++)
                sum[i] -= unit * part.Length * gradient[i]; // a loss's gradient is −(1/n) of the sum
            progress(Math.Min(start + Part, traces.Count), traces.Count);
        }

        return sum;
    }

    /// <summary>The mean over the traces, each with weight 1.</summary>
    public double[] Mean(IReadOnlyList<TrainingSequence> traces) =>
        Sum(traces, [.. Enumerable.Repeat(1.0 / traces.Count, traces.Count)]);
}
