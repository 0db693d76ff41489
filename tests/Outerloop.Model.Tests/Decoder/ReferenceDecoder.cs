using Outerloop.Model.Decoder;

namespace Outerloop.Model.Tests.Decoder;

/// <summary>
/// The network once more, in plain double precision and straight from its definition: the oracle for logits and, by
/// central differences, for gradients. It shares the parameter layout with the real one and nothing else.
/// </summary>
/// <param name="layout">Where the values lie.</param>
/// <param name="values">The parameters.</param>
/// <param name="update">What an adapter adds to the projection of a row at a position; null where there is none.</param>
internal sealed class ReferenceDecoder(
    ParameterLayout layout, double[] values, Func<TensorSlot, double[], int, double[]?>? update = null)
{
    private readonly ModelConfig _config = layout.Config;

    /// <summary>Σ −weight·log p over the targets of one sequence.</summary>
    public double Loss(int[] tokens, int firstTarget, float[] weights)
    {
        double[][] logits = Logits(tokens[..^1]);
        double loss = 0;
        for (int t = firstTarget; t < tokens.Length; t++)
            loss -= weights[t - firstTarget] * LogProbability(logits[t - 1], tokens[t]);
        return loss;
    }

    public static double LogProbability(double[] logits, int target) =>
        logits[target] - Math.Log(logits.Sum(Math.Exp));

    public double[][] Logits(int[] tokens)
    {
        double[][] x = [.. tokens.Select(token => Row(layout.Embedding, token))];
        foreach (LayerSlots layer in layout.Layers)
        {
            double[][] attention = Attention(layer, [.. x.Select(row => Norm(row, Vector(layer.InputNorm)))]);
            x = Add(x, [.. attention.Select((row, position) => Project(layer.Output, row, position))]);
            x = Add(x, [.. x.Select((row, position) => FeedForward(layer, Norm(row, Vector(layer.PostAttentionNorm)), position))]);
        }

        return [.. x.Select((row, position) => Project(layout.Head, Norm(row, Vector(layout.FinalNorm)), position))];
    }

    private double[][] Attention(LayerSlots layer, double[][] x)
    {
        int width = _config.HeadDim, group = _config.Heads / _config.KvHeads;
        double[][] Heads(TensorSlot slot, TensorSlot? norm, int head) =>
        [
            .. x.Select((row, position) =>
            {
                double[] part = Project(slot, row, position)[(head * width)..((head + 1) * width)];
                return norm is null ? part : Rotate(Norm(part, Vector(norm)), position);
            }),
        ];

        double[][] result = [.. x.Select(_ => new double[_config.QueryDim])];
        for (int head = 0; head < _config.Heads; head++)
        {
            double[][] q = Heads(layer.Query, layer.QueryNorm, head);
            double[][] k = Heads(layer.Key, layer.KeyNorm, head / group), v = Heads(layer.Value, null, head / group);
            for (int i = 0; i < x.Length; i++)
            {
                double[] e = [.. Enumerable.Range(0, i + 1).Select(j => Math.Exp(Dot(q[i], k[j]) / Math.Sqrt(width)))];
                double sum = e.Sum();
                for (int c = 0; c < width; c++)
                    result[i][(head * width) + c] = Enumerable.Range(0, i + 1).Sum(j => e[j] / sum * v[j][c]);
            }
        }

        return result;
    }

    private double[] FeedForward(LayerSlots layer, double[] x, int position)
    {
        double[] gate = Project(layer.Gate, x, position), up = Project(layer.Up, x, position);
        return Project(layer.Down, [.. gate.Zip(up, (g, u) => g / (1 + Math.Exp(-g)) * u)], position);
    }

    private double[] Rotate(double[] head, int position)
    {
        int half = head.Length / 2;
        var result = new double[head.Length];
        for (int i = 0; i < half; i++)
        {
            double angle = position * Math.Pow(_config.RopeTheta, -2.0 * i / head.Length);
            result[i] = (head[i] * Math.Cos(angle)) - (head[i + half] * Math.Sin(angle));
            result[i + half] = (head[i + half] * Math.Cos(angle)) + (head[i] * Math.Sin(angle));
        }

        return result;
    }

    private double[] Norm(double[] x, double[] weight)
    {
        double r = 1 / Math.Sqrt(x.Average(value => value * value) + _config.NormEpsilon);
        return [.. x.Zip(weight, (value, w) => value * r * w)];
    }

    private double[] Project(TensorSlot slot, double[] x, int position)
    {
        double[]? added = update?.Invoke(slot, x, position);
        return [.. Enumerable.Range(0, slot.Shape[0]).Select(output => Dot(Row(slot, output), x) + (added?[output] ?? 0))];
    }

    private double[] Vector(TensorSlot slot) => values[slot.Range];

    private double[] Row(TensorSlot slot, int row)
    {
        int start = slot.Offset + (row * slot.Shape[1]);
        return values[start..(start + slot.Shape[1])];
    }

    private static double Dot(double[] a, double[] b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
            sum += a[i] * b[i];
        return sum;
    }

    private static double[][] Add(double[][] a, double[][] b) =>
        [.. a.Zip(b, (x, y) => x.Zip(y, (u, v) => u + v).ToArray())];
}
