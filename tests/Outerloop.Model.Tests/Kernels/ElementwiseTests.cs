using Outerloop.Model.Kernels;

namespace Outerloop.Model.Tests.Kernels;

public sealed unsafe class ElementwiseTests
{
    private const float Epsilon = 1e-6f;

    [Fact]
    public void Exp_is_within_2e7_of_the_truth_zero_below_its_range_and_finite_above()
    {
        double worst = 0;
        for (double x = -40; x <= 88; x += 0.00731)
        {
            double truth = Math.Exp((float)x);
            worst = Math.Max(worst, Math.Abs(SimdMath.Exp<SimdScalar, float>((float)x) - truth) / truth);
        }

        Assert.InRange(worst, 0, 2e-7);
        Assert.Equal(1f, SimdMath.Exp<SimdScalar, float>(0));
        Assert.All(new[] { -40.01f, -100f, -1e30f, float.NegativeInfinity }, x => Assert.Equal(0f, SimdMath.Exp<SimdScalar, float>(x)));
        Assert.All(new[] { 89f, 1e30f, float.PositiveInfinity }, x => Assert.True(float.IsFinite(SimdMath.Exp<SimdScalar, float>(x))));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 17)]
    [InlineData(5, 64)]
    [InlineData(2, 100)]
    public void RmsNorm_and_its_gradient_agree_with_the_plain_twin(int rows, int width)
    {
        var x = new Floats(rows, width, 1);
        var weight = new Floats(1, width, 2);
        var dy = new Floats(rows, width, 3);
        double[] w = PlainKernels.Rows(weight.View)[0];
        foreach (KernelSet kernels in KernelSet.Available)
        {
            var y = new Floats(rows, width, 4);
            var inverse = new float[rows];
            var dx = new Floats(rows, width, 5, scale: 0);
            var dweight = new Floats(1, width, 6, scale: 0);
            var again = new Floats(rows, width, 7);
            fixed (float* r = inverse)
            {
                kernels.Normalise(x.View, weight.Data, Epsilon, y.View, r);
                kernels.NormaliseBackward(dy.View, x.View, weight.Data, r, dx.View, dweight.Data, again.View);
            }

            var expectedWeight = new double[width];
            for (int row = 0; row < rows; row++)
            {
                double[] input = PlainKernels.Rows(x.View)[row];
                (double[] dInput, double[] dWeight) = PlainKernels.NormGradient(PlainKernels.Rows(dy.View)[row], input, w, Epsilon);
                Near(PlainKernels.Norm(input, w, Epsilon), y.View.RowSpan(row));
                Near(dInput, dx.View.RowSpan(row));
                for (int i = 0; i < width; i++)
                    expectedWeight[i] += dWeight[i];
            }

            Near(expectedWeight, dweight.Span);
            Assert.Equal(y.View.Values(), again.View.Values());
        }
    }

    [Theory]
    [InlineData(1, 2)]
    [InlineData(3, 6)]
    [InlineData(6, 32)]
    [InlineData(2, 64)]
    [InlineData(1, 72)]
    public void Norm_and_rotation_of_heads_and_their_gradient_agree_with_the_plain_twin(int heads, int headDim)
    {
        const int Rows = 5;
        int[] positions = [0, 3, 1, 9, 7];
        var table = new RotaryTable(10, headDim, 100f);
        var x = new Floats(Rows, heads * headDim, 1);
        var weight = new Floats(1, headDim, 2);
        var dy = new Floats(Rows, heads * headDim, 3);
        double[] w = PlainKernels.Rows(weight.View)[0];
        foreach (KernelSet kernels in KernelSet.Available)
        {
            var y = new Floats(Rows, heads * headDim, 4);
            var gradient = dy.Clone();
            var dx = x.Clone();
            var dweight = new Floats(1, headDim, 6, scale: 0);
            var inverse = new float[Rows * heads];
            fixed (float* r = inverse)
            {
                kernels.NormaliseHeads(x.View, weight.Data, Epsilon, table, positions, y.View, r);
                kernels.NormaliseHeadsBackward(gradient.View, dx.View, weight.Data, table, positions, r, dx.View, dweight.Data);
            }

            var expectedWeight = new double[headDim];
            for (int row = 0; row < Rows; row++)
            {
                for (int head = 0; head < heads; head++)
                {
                    Range part = (head * headDim)..((head + 1) * headDim);
                    double[] input = PlainKernels.Rows(x.View)[row][part];
                    double[] normal = PlainKernels.Norm(input, w, Epsilon);
                    double[] back = PlainKernels.Rotate(PlainKernels.Rows(dy.View)[row][part], positions[row], 100, sign: -1);
                    (double[] dInput, double[] dWeight) = PlainKernels.NormGradient(back, input, w, Epsilon);
                    Near(PlainKernels.Rotate(normal, positions[row], 100), y.View.RowSpan(row)[part]);
                    Near(dInput, dx.View.RowSpan(row)[part]);
                    for (int i = 0; i < headDim; i++)
                        expectedWeight[i] += dWeight[i];
                }
            }

            Near(expectedWeight, dweight.Span);
        }
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(4, 17)]
    [InlineData(3, 128)]
    public void SwiGlu_and_its_gradient_agree_with_the_plain_twin(int rows, int width)
    {
        var gateUp = new Floats(rows, 2 * width, 1, scale: 4);
        gateUp.Span[0] = -200;
        gateUp.Span[gateUp.Span.Length - (2 * width)] = 200;
        var dh = new Floats(rows, width, 2);
        foreach (KernelSet kernels in KernelSet.Available)
        {
            var hidden = new Floats(rows, width, 3);
            kernels.Gate(gateUp.View, hidden.View);
            Floats gradient = gateUp.Clone(), again = dh.Clone();
            kernels.GateBackward(gradient.View, again.View);
            for (int row = 0; row < rows; row++)
            {
                for (int i = 0; i < width; i++)
                {
                    double g = gateUp[row, i], u = gateUp[row, width + i], d = dh[row, i], s = PlainKernels.Sigmoid(g);
                    Near(g * s * u, hidden[row, i]);
                    Near(d * u * s * (1 + (g * (1 - s))), gradient[row, i]);
                    Near(d * g * s, gradient[row, width + i]);
                }
            }

            Assert.Equal(hidden.View.Values(), again.View.Values());
        }
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 60)]
    [InlineData(4, 64)]
    [InlineData(2, 161)]
    public void Cross_entropy_and_its_gradient_agree_with_the_plain_twin(int rows, int vocabulary)
    {
        var logits = new Floats(rows, vocabulary, 1, scale: 5);
        int[] targets = [.. Enumerable.Range(0, rows).Select(row => (row * 31) % vocabulary)];
        float[] weights = [.. Enumerable.Range(0, rows).Select(row => row == 1 ? 0f : row - 1.5f)];
        foreach (KernelSet kernels in KernelSet.Available)
        {
            Floats gradient = logits.Clone();
            float[] only = new float[rows], beside = new float[rows];
            kernels.LogProbabilities(logits.View, targets, only);
            kernels.CrossEntropyGradient(gradient.View, targets, weights, beside);
            Assert.Equal(only, beside);
            for (int row = 0; row < rows; row++)
            {
                double[] p = PlainKernels.Softmax(PlainKernels.Rows(logits.View)[row]);
                Near(Math.Log(p[targets[row]]), only[row]);
                Near([.. p.Select((value, i) => weights[row] * (value - (i == targets[row] ? 1 : 0)))], gradient.View.RowSpan(row));
            }
        }
    }

    [Fact]
    public void Softmax_of_a_row_agrees_with_the_plain_twin_and_clears_its_padding()
    {
        for (int width = 1; width <= 70; width++)
        {
            var scores = new Floats(1, 96, (ulong)width, scale: 6);
            double[] z = [.. scores.Span[..width].ToArray().Select(value => 0.3 * value)];
            foreach (KernelSet kernels in KernelSet.Available)
            {
                Floats p = scores.Clone();
                SoftmaxRow row = kernels.SoftmaxOfRow(p.Data, width, 0.3f);
                Near(PlainKernels.Softmax(z), p.Span[..width]);
                int padded = (width + 15) / 16 * 16;
                Assert.All(p.Span[width..padded].ToArray(), value => Assert.Equal(0f, value));
                Assert.Equal(scores.Span[padded..].ToArray(), p.Span[padded..].ToArray());
                Near(Math.Exp(z[0] + row.Shift) * row.Inverse, p.Span[0]);
            }
        }
    }

    [Theory]
    [InlineData(1, 1, 1, 8, 0)]
    [InlineData(17, 4, 2, 32, 0)]
    [InlineData(70, 2, 1, 6, 0)]
    [InlineData(131, 2, 2, 16, 60)]
    [InlineData(65, 3, 1, 72, 6)]
    [InlineData(40, 1, 1, 128, 36)]
    public void Attention_and_its_gradient_agree_with_the_plain_twin(int tokens, int heads, int kvHeads, int headDim, int firstRow)
    {
        var shape = new AttentionShape(heads, kvHeads, headDim);
        Floats q = new(tokens, heads * headDim, 1), k = new(tokens, kvHeads * headDim, 2), v = new(tokens, kvHeads * headDim, 3);
        var dout = new Floats(tokens, heads * headDim, 4);
        for (int row = 0; row < firstRow; row++)
            dout.View.RowSpan(row).Clear();
        foreach (KernelSet kernels in KernelSet.Available)
        {
            Floats output = dout.Clone(), dq = q.Clone(), dk = k.Clone(), dv = v.Clone();
            var scratch = new Floats(1, Math.Max(shape.BackwardScratch(tokens), shape.ForwardScratch(tokens)), 5);
            var softmax = new SoftmaxRow[heads * tokens];
            kernels.Attend(shape, q.View, k.View, v.View, firstRow, softmax, output.View, scratch.Data);
            // The values' gradient may take the place of the values.
            kernels.AttendBackward(
                shape, q.View, k.View, dv.View, firstRow, softmax, output.View, dout.View, dq.View, dk.View, dv.View, scratch.Data);
            for (int kvHead = 0; kvHead < kvHeads; kvHead++)
            {
                double[][] expectedDk = Zeros(tokens, headDim), expectedDv = Zeros(tokens, headDim);
                double[][] keys = Head(k, kvHead, headDim), values = Head(v, kvHead, headDim);
                for (int head = kvHead * shape.Group; head < (kvHead + 1) * shape.Group; head++)
                {
                    double[][] queries = Head(q, head, headDim);
                    double[][] expected = PlainKernels.Attend(queries, keys, values).Output;
                    (double[][] expectedDq, double[][] oneDk, double[][] oneDv) =
                        PlainKernels.AttendGradient(queries, keys, values, Head(dout, head, headDim));
                    for (int row = 0; row < tokens; row++)
                    {
                        Range part = (head * headDim)..((head + 1) * headDim);
                        if (row >= firstRow)
                        {
                            Near(expected[row], output.View.RowSpan(row)[part]);
                            Near(expectedDq[row], dq.View.RowSpan(row)[part]);
                        }

                        expectedDk[row] = [.. expectedDk[row].Zip(oneDk[row], (a, b) => a + b)];
                        expectedDv[row] = [.. expectedDv[row].Zip(oneDv[row], (a, b) => a + b)];
                    }
                }

                for (int row = 0; row < tokens; row++)
                {
                    Range part = (kvHead * headDim)..((kvHead + 1) * headDim);
                    Near(expectedDk[row], dk.View.RowSpan(row)[part]);
                    Near(expectedDv[row], dv.View.RowSpan(row)[part]);
                }
            }
        }
    }

    [Fact]
    public void AdamW_agrees_with_its_formula_and_lets_no_moment_become_denormal()
    {
        const int Length = 37;
        Floats parameter = new(1, Length, 1), gradient = new(1, Length, 2);
        gradient.Span[3] = 0;
        var step = new AdamStep(0.5f, 0.9f, 0.98f, 0.02f, 1.7f, 1e-8f, 0.001f);
        foreach (KernelSet kernels in KernelSet.Available)
        {
            Floats p = parameter.Clone(), m = new(1, Length, 3), v = new(1, Length, 4);
            foreach (ref float value in v.Span)
                value = MathF.Abs(value);
            m.Span[3] = 1e-30f;
            v.Span[3] = 1e-30f;
            Floats oldM = m.Clone(), oldV = v.Clone();
            kernels.UpdateParameters(step, p.Data, gradient.Data, m.Data, v.Data, Length);
            for (int i = 0; i < Length; i++)
            {
                double g = 0.5 * gradient.Span[i];
                double first = i == 3 ? 0 : (0.9 * oldM.Span[i]) + (0.1 * g), second = i == 3 ? 0 : (0.98 * oldV.Span[i]) + (0.02 * g * g);
                Near(first, m.Span[i]);
                Near(second, v.Span[i]);
                double moved = parameter.Span[i] * (1 - 0.001);
                Near(moved - (0.02 * first / (Math.Sqrt(second * 1.7) + 1e-8)), p.Span[i]);
            }

            Assert.Equal(0f, m.Span[3]);
            Assert.Equal(0f, v.Span[3]);
        }
    }

    [Fact]
    public void Gradients_are_added_in_order_and_their_squares_summed()
    {
        FloatBuffer[] Parts()
        {
            FloatBuffer[] parts = [new(3000), new(3000), new(3000)];
            var random = new SplitMix64(1);
            foreach (FloatBuffer part in parts)
            {
                foreach (ref float value in part.Span)
                    value = random.NextNormal();
            }

            return parts;
        }

        FloatBuffer[] original = Parts();
        foreach (KernelSet kernels in KernelSet.Available)
        {
            FloatBuffer[] parts = Parts();
            double squares = kernels.SumGradients(parts, 5, 2777), expected = 0;
            for (int i = 0; i < 3000; i++)
            {
                float sum = original[0].Span[i];
                if (i is >= 5 and < 2782)
                {
                    sum = sum + original[1].Span[i] + original[2].Span[i];
                    expected += (double)sum * sum;
                }

                Assert.Equal(sum, parts[0].Span[i]);
            }

            Assert.Equal(expected, squares, expected * 1e-6);
        }
    }

    private static double[][] Head(Floats matrix, int head, int headDim) =>
        [.. PlainKernels.Rows(matrix.View).Select(row => row[(head * headDim)..((head + 1) * headDim)])];

    private static double[][] Zeros(int rows, int width) => [.. Enumerable.Range(0, rows).Select(_ => new double[width])];

    private static void Near(double expected, float actual) => Assert.Equal(expected, actual, 2e-5 * (1 + Math.Abs(expected)));

    private static void Near(double[] expected, ReadOnlySpan<float> actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
            Near(expected[i], actual[i]);
    }
}
