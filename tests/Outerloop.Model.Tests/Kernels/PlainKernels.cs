using Outerloop.Model.Kernels;

namespace Outerloop.Model.Tests.Kernels;

/// <summary>The plain twin of each element-wise kernel: its formula, in double precision, one row at a time.</summary>
internal static class PlainKernels
{
    public static double Inverse(double[] x, double epsilon) => 1 / Math.Sqrt(x.Average(value => value * value) + epsilon);

    public static double[] Norm(double[] x, double[] weight, double epsilon)
    {
        double r = Inverse(x, epsilon);
        return [.. x.Zip(weight, (value, w) => value * r * w)];
    }

    /// <summary>The gradients of Σ dy·norm(x) to x and to the weight.</summary>
    public static (double[] Dx, double[] Dweight) NormGradient(double[] dy, double[] x, double[] weight, double epsilon)
    {
        double r = Inverse(x, epsilon), along = 0;
        for (int i = 0; i < x.Length; i++)
            along += dy[i] * weight[i] * x[i];
        double[] dx = [.. x.Select((value, i) => (r * dy[i] * weight[i]) - (value * r * r * r / x.Length * along))];
        return (dx, [.. x.Select((value, i) => dy[i] * value * r)]);
    }

    /// <summary>The pairs (i, i + half) turned by the position's angles; backwards for a negative sign.</summary>
    public static double[] Rotate(double[] x, int position, double theta, int sign = 1)
    {
        int half = x.Length / 2;
        var y = new double[x.Length];
        for (int i = 0; i < half; i++)
        {
            double angle = sign * position * Math.Pow(theta, -2.0 * i / x.Length);
            y[i] = (x[i] * Math.Cos(angle)) - (x[i + half] * Math.Sin(angle));
            y[i + half] = (x[i + half] * Math.Cos(angle)) + (x[i] * Math.Sin(angle));
        }

        return y;
    }

    public static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));

    public static double[] Softmax(double[] z)
    {
        double max = z.Max();
        double sum = z.Sum(value => Math.Exp(value - max));
        return [.. z.Select(value => Math.Exp(value - max) / sum)];
    }

    /// <summary>Attention of one head, [tokens][headDim] each: the output and the probabilities.</summary>
    public static (double[][] Output, double[][] Probabilities) Attend(double[][] q, double[][] k, double[][] v)
    {
        double scale = 1 / Math.Sqrt(q[0].Length);
        double[][] p = [.. q.Select((query, i) => Softmax([.. k.Take(i + 1).Select(key => scale * Dot(query, key))]))];
        return ([.. p.Select(row => Mix(row, v))], p);
    }

    /// <summary>The gradients of Σ do·attend(q, k, v).</summary>
    public static (double[][] Dq, double[][] Dk, double[][] Dv) AttendGradient(
        double[][] q, double[][] k, double[][] v, double[][] dout)
    {
        double scale = 1 / Math.Sqrt(q[0].Length);
        double[][] p = Attend(q, k, v).Probabilities;
        double[][] dq = Zeros(q), dk = Zeros(k), dv = Zeros(v);
        for (int i = 0; i < q.Length; i++)
        {
            double[] dp = [.. v.Take(i + 1).Select(value => Dot(dout[i], value))];
            double mean = Dot(p[i], dp);
            for (int j = 0; j <= i; j++)
            {
                double ds = p[i][j] * (dp[j] - mean) * scale;
                Add(dq[i], ds, k[j]);
                Add(dk[j], ds, q[i]);
                Add(dv[j], p[i][j], dout[i]);
            }
        }

        return (dq, dk, dv);
    }

    public static double[][] Rows(MatrixView view)
    {
        var rows = new double[view.Rows][];
        for (int row = 0; row < rows.Length; row++)
            rows[row] = [.. view.RowSpan(row).ToArray().Select(value => (double)value)];
        return rows;
    }

    public static double Dot(double[] a, double[] b) => a.Zip(b, (x, y) => x * y).Sum();

    private static double[] Mix(double[] weights, double[][] rows)
    {
        var mix = new double[rows[0].Length];
        for (int i = 0; i < weights.Length; i++)
            Add(mix, weights[i], rows[i]);
        return mix;
    }

    private static void Add(double[] to, double factor, double[] row)
    {
        for (int i = 0; i < to.Length; i++)
            to[i] += factor * row[i];
    }

    private static double[][] Zeros(double[][] like) => [.. like.Select(row => new double[row.Length])];
}
