using Outerloop.Model.Kernels;
using Outerloop.Model.Training;

namespace Outerloop.Model.Measurement;

/// <summary>One matrix product, done by every thread on matrices of its own.</summary>
internal sealed class GemmWork
{
    private readonly KernelSet _kernels = KernelSet.Best;
    private readonly Workers _workers;
    private readonly Matrices[] _matrices;

    public GemmWork(int rows, int columns, int steps, int threads)
    {
        _workers = new Workers(threads);
        _matrices = [.. Enumerable.Range(0, threads).Select(_ => new Matrices(rows, columns, steps, _kernels.Format))];
        Flops = 2.0 * rows * columns * steps * threads;
    }

    /// <summary>Floating-point operations of either product.</summary>
    public double Flops { get; }

    public void Multiply() => _workers.Run(_matrices.Length, (index, _) =>
    {
        Matrices m = _matrices[index];
        _kernels.Multiply(m.Input, m.Packed, m.Output);
        GC.KeepAlive(m);
    });

    public void AccumulateOuter() => _workers.Run(_matrices.Length, (index, _) =>
    {
        Matrices m = _matrices[index];
        _kernels.AccumulateOuter(m.Output, m.Input, m.Weight);
        GC.KeepAlive(m);
    });

    private sealed class Matrices
    {
        private readonly FloatBuffer _input, _output, _weight;
        private readonly int _rows, _columns, _steps;

        public Matrices(int rows, int columns, int steps, PackedFormat format)
        {
            (_rows, _columns, _steps) = (rows, columns, steps);
            (_input, _output, _weight) = (new FloatBuffer(rows * steps), new FloatBuffer(rows * columns), new FloatBuffer(columns * steps));
            _input.Span.Fill(0.5f);
            _weight.Span.Fill(0.25f);
            Packed = PackedMatrix.ForForward(Weight, format);
        }

        public PackedMatrix Packed { get; }

        public MatrixView Input => _input.Matrix(_rows, _steps);

        public MatrixView Output => _output.Matrix(_rows, _columns);

        public MatrixView Weight => _weight.Matrix(_columns, _steps);
    }
}
