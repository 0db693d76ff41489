using System.Runtime.InteropServices;
using Outerloop.Model.Decoder;
using Outerloop.Model.Kernels;
using Outerloop.Model.Tests.Kernels.Emitted;

namespace Outerloop.Model.Tests.Kernels;

public sealed class BFloat16ProductTests
{
    /// <summary>Rows, inputs, outputs: few rows and many, widths that no vector ends at, more than a block of inputs.</summary>
    public static TheoryData<int, int, int> Shapes => new()
    {
        { 1, 1, 1 }, { 1, 64, 64 }, { 2, 33, 7 }, { 4, 1024, 5 }, { 5, 1024, 5 }, { 6, 16, 4 }, { 7, 1030, 9 }, { 13, 2100, 6 }, { 97, 48, 18 }, { 3, 3072, 10 }, { 200, 1040, 133 },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Every_tier_gives_the_product(int rows, int inputs, int outputs)
    {
        var x = new Floats(rows, inputs, 1);
        var start = new Floats(rows, outputs, 2);
        using var weight = new Weight(outputs, inputs, 3);
        foreach (KernelSet kernels in KernelSet.Available)
        {
            foreach (bool accumulate in new[] { false, true })
            {
                Floats y = start.Clone();
                kernels.Multiply(x.View, weight.Matrix, y.View, accumulate);
                for (int r = 0; r < rows; r++)
                {
                    for (int o = 0; o < outputs; o++)
                    {
                        double expected = accumulate ? start[r, o] : 0;
                        for (int k = 0; k < inputs; k++)
                            expected += (double)x[r, k] * weight[o, k];
                        Assert.Equal(expected, y[r, o], 1e-6 * Math.Max(10, inputs));
                    }
                }
            }
        }
    }

    /// <summary>Of rounded inputs, to what the order of a sum can change.</summary>
    [Theory]
    [MemberData(nameof(Shapes))]
    public void A_tier_of_mixed_precision_gives_the_product_of_rounded_rows(int rows, int inputs, int outputs)
    {
        var x = new Floats(rows, inputs, 1);
        var start = new Floats(rows, outputs, 2);
        using var weight = new Weight(outputs, inputs, 3);
        foreach (KernelSet kernels in MixedTiers.All)
        {
            foreach (bool accumulate in new[] { false, true })
            {
                Floats y = start.Clone();
                kernels.Multiply(x.View, weight.Matrix, y.View, accumulate);
                for (int r = 0; r < rows; r++)
                {
                    for (int o = 0; o < outputs; o++)
                    {
                        double expected = accumulate ? start[r, o] : 0, size = Math.Abs(expected);
                        for (int k = 0; k < inputs; k++)
                        {
                            double product = (double)BFloat16Pairs.Round(x[r, k]) * weight[o, k];
                            expected += product;
                            size += Math.Abs(product);
                        }

                        Assert.Equal(expected, y[r, o], 1e-6 * size);
                    }
                }
            }
        }
    }

    [Theory]
    [InlineData(150, 9)]
    [InlineData(1100, 13)]
    public void A_row_has_the_same_bits_however_many_rows_are_beside_it(int inputs, int outputs)
    {
        const int Rows = 29;
        var x = new Floats(Rows, inputs, 4);
        var start = new Floats(Rows, outputs, 5);
        using var weight = new Weight(outputs, inputs, 6);
        foreach (KernelSet kernels in KernelSet.Available.Concat(MixedTiers.All))
        {
            Floats whole = start.Clone();
            kernels.Multiply(x.View, weight.Matrix, whole.View, accumulate: true);
            for (int count = 1; count <= 13; count++)
            {
                Floats part = start.Clone();
                kernels.Multiply(x.View.SliceRows(Rows - count, count), weight.Matrix, part.View.SliceRows(Rows - count, count), accumulate: true);
                Assert.Equal(whole.View.SliceRows(Rows - count, count).Values(), part.View.SliceRows(Rows - count, count).Values());
            }
        }
    }

    /// <summary>What stands before and behind it, another tensor or a header, must not get into a sum.</summary>
    [Theory]
    [InlineData(64, 3)]
    [InlineData(96, 9)]
    [InlineData(1056, 5)]
    [InlineData(3072, 70)]
    public void A_weight_gives_the_same_bits_wherever_it_lies(int inputs, int outputs)
    {
        const int Rows = 5;
        var x = new Floats(Rows, inputs, 4);
        using var weight = new Weight(outputs, inputs, 6);
        foreach (KernelSet kernels in KernelSet.Available.Concat(MixedTiers.All))
        {
            var whole = new Floats(Rows, outputs, 5);
            kernels.Multiply(x.View, weight.Matrix, whole.View);
            for (int offset = 0; offset < 32; offset++)
            {
                using var moved = new Weight(outputs, inputs, 6, offset);
                for (int count = 1; count <= Rows; count++)
                {
                    var part = new Floats(count, outputs, 5);
                    kernels.Multiply(x.View.SliceRows(0, count), moved.Matrix, part.View);
                    Assert.Equal(whole.View.SliceRows(0, count).Values(), part.View.Values());
                }
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(9)]
    public void A_team_gives_the_bits_of_one_thread(int rows)
    {
        var x = new Floats(rows, 600, 7);
        using Weight first = new(700, 600, 8), second = new(530, 600, 9);
        var expected = new Floats(rows, 1230, 0);
        using ProductTeam one = new(1), three = new(3);
        new BFloat16Projection(one, first.Matrix, second.Matrix).Multiply(KernelSet.Best, x.View, expected.View);
        var projection = new BFloat16Projection(three, first.Matrix, second.Matrix);
        for (int again = 0; again < 20; again++)
        {
            var actual = new Floats(rows, 1230, 10);
            projection.Multiply(KernelSet.Best, x.View, actual.View);
            Assert.Equal(expected.View.Values(), actual.View.Values());
        }
    }

    [Fact]
    public async Task A_busy_team_refuses_and_a_share_that_fails_fails_the_product()
    {
        using var team = new ProductTeam(2);
        using ManualResetEventSlim begun = new(), release = new();
        Task<bool> first = Task.Run(() => team.TryRun(share =>
        {
            begun.Set();
            release.Wait();
        }));
        begun.Wait();
        Assert.False(team.TryRun(_ => { }));
        release.Set();
        Assert.True(await first);
        Assert.Throws<InvalidDataException>(() => team.TryRun(share =>
        {
            if (share == 1)
                throw new InvalidDataException();
        }));
        int shares = 0;
        Assert.True(team.TryRun(share => Interlocked.Add(ref shares, share + 1)));
        Assert.Equal(team.Shares * (team.Shares + 1) / 2, shares);
    }

    [Fact]
    public void Shapes_that_do_not_fit_are_refused()
    {
        using var weight = new Weight(8, 4, 1);
        foreach (KernelSet kernels in KernelSet.Available.Concat(MixedTiers.All))
        {
            Assert.Throws<InvalidOperationException>(() => kernels.Multiply(new Floats(3, 5, 1).View, weight.Matrix, new Floats(3, 8, 1).View));
            Assert.Throws<InvalidOperationException>(() => kernels.Multiply(new Floats(3, 4, 1).View, weight.Matrix, new Floats(3, 7, 1).View));
        }
    }

    /// <summary>So many elements into a cache line, among others that are not numbers.</summary>
    private sealed unsafe class Weight : IDisposable
    {
        private const int Line = 32;

        private readonly ushort[] _values;
        private readonly int _first, _inputs;
        private GCHandle _pin;

        public Weight(int outputs, int inputs, ulong seed, int offset = 0)
        {
            _inputs = inputs;
            var random = new SplitMix64(seed);
            _values = new ushort[(3 * Line) + (outputs * inputs)];
            _values.AsSpan().Fill(0x7FC0);
            _pin = GCHandle.Alloc(_values, GCHandleType.Pinned);
            ushort* data = (ushort*)_pin.AddrOfPinnedObject();
            _first = Line + offset - (int)((nuint)data % (Line * sizeof(ushort)) / sizeof(ushort));
            foreach (ref ushort value in _values.AsSpan(_first, outputs * inputs))
                value = BFloat16.Round(random.NextNormal());
            Matrix = new BFloat16Matrix(data + _first, outputs, inputs);
        }

        public BFloat16Matrix Matrix { get; }

        public float this[int output, int input] => BFloat16.Widen(_values[_first + (output * _inputs) + input]);

        public void Dispose() => _pin.Free();
    }
}
