using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Outerloop.Model.Kernels.Emitted;

/// <summary>Finds out which of the emitted kernels this processor and system run.</summary>
internal static class EmittedTiers
{
    private const int FeatureLeaf = 7, TileLeaf = 0x1D;

    /// <summary>CPUID leaf 7: EDX bits of AMX-BF16 and AMX-TILE, and of subleaf 1 the EAX bit of AVX512_BF16.</summary>
    private const int AmxBf16 = 1 << 22, AmxTile = 1 << 24, Avx512Bf16 = 1 << 5;

    /// <summary>Null where there is no such instruction, or no way to emit it.</summary>
    public static BFloat16Products? DotProducts() =>
        HasVectors && (CpuId(FeatureLeaf, 1).Eax & Avx512Bf16) != 0 ? Checked(DotProductBlocks.Emit()) : null;

    /// <inheritdoc cref="DotProducts"/>
    public static BFloat16RowProducts? RowDots()
    {
        if (!HasVectors || (CpuId(FeatureLeaf, 1).Eax & Avx512Bf16) == 0)
            return null;
        RowDotRoutines routines = RowDotBlocks.Emit();
        return MachineCode.TryLoad(routines.Code) is { } code && new BFloat16RowProducts(routines, code) is var products && AreTheSame(products)
            ? products
            : null;
    }

    /// <inheritdoc cref="DotProducts"/>
    public static BFloat16Products? Tiles()
    {
        const int Needed = AmxBf16 | AmxTile;
        return HasVectors && (CpuId(FeatureLeaf, 0).Edx & Needed) == Needed && TilesAreAsExpected() && LinuxCalls.RequestTiles()
            ? Checked(TileBlocks.Emit())
            : null;
    }

    /// <summary>Everything but the products is the 512-bit tier's.</summary>
    private static bool HasVectors => LinuxCalls.AreHere && X86Base.IsSupported && Vector512.IsHardwareAccelerated;

    /// <summary>Loads the code and multiplies something whose result is known: a kernel that fails that is not offered.</summary>
    private static BFloat16Products? Checked(BlockRoutines routines) =>
        MachineCode.TryLoad(routines.Code) is { } code && new BFloat16Products(routines, code) is var products && IsExact(products)
            ? products
            : null;

    /// <summary>Multiplies small whole numbers, with which every order of summing is exact.</summary>
    private static unsafe bool IsExact(BFloat16Products products)
    {
        const int Rows = 39, Steps = 70, Columns = 90;
        FloatBuffer x = new(Rows * Steps), weight = new(Columns * Steps), y = new(Rows * Columns);
        for (int i = 0; i < x.Length; i++)
            x.Span[i] = (i % 7) - 3;
        for (int i = 0; i < weight.Length; i++)
            weight.Span[i] = (i % 5) - 2;
        MatrixView left = x.Matrix(Rows, Steps), right = weight.Matrix(Columns, Steps), product = y.Matrix(Rows, Columns);
        products.Multiply(left, PackedMatrix.ForForward(right, PackedFormat.BFloat16Pairs), product, accumulate: false);
        bool exact = true;
        for (int row = 0; row < Rows; row++)
        {
            for (int column = 0; column < Columns; column++)
                exact &= product.RowSpan(row)[column] == Dot(left.RowSpan(row), right.RowSpan(column));
        }

        return exact;
    }

    /// <summary>Whether a pass and blocks sum in the same order: on numbers where any other shows.</summary>
    private static unsafe bool AreTheSame(BFloat16RowProducts products)
    {
        const int Rows = 7, Outputs = 9, Inputs = 1024 + 70;
        var random = new SplitMix64(1);
        FloatBuffer x = new(Rows * Inputs), whole = new(Rows * Outputs), single = new(Outputs);
        foreach (ref float value in x.Span)
            value = random.NextNormal();
        ushort[] weight = new ushort[Outputs * Inputs];
        foreach (ref ushort value in weight.AsSpan())
            value = BFloat16.Round(random.NextNormal());
        bool same = true;
        fixed (ushort* first = weight)
        {
            var w = new BFloat16Matrix(first, Outputs, Inputs);
            products.Multiply(x.Matrix(Rows, Inputs), w, whole.Matrix(Rows, Outputs), accumulate: false);
            for (int row = 0; row < Rows; row++)
            {
                products.Multiply(x.Matrix(Rows, Inputs).SliceRows(row, 1), w, single.Matrix(1, Outputs), accumulate: false);
                same &= single.Span.SequenceEqual(whole.Matrix(Rows, Outputs).RowSpan(row));
            }
        }

        return same;
    }

    private static float Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        float sum = 0;
        for (int i = 0; i < a.Length; i++)
            sum += a[i] * b[i];
        return sum;
    }

    /// <summary>Palette 1: eight tiles of 16 rows of 64 bytes.</summary>
    private static bool TilesAreAsExpected()
    {
        (_, int tilesAndRowBytes, int rows, _) = CpuId(TileLeaf, 1);
        return tilesAndRowBytes == ((8 << 16) | 64) && (rows & 0xFFFF) == 16;
    }

    private static (int Eax, int Ebx, int Ecx, int Edx) CpuId(int leaf, int subleaf) =>
        X86Base.CpuId(0, 0).Eax >= leaf ? X86Base.CpuId(leaf, subleaf) : default;
}
