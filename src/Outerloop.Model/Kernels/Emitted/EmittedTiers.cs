using System.Runtime.InteropServices;
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

    /// <summary>
    /// Whether passes and blocks sum in the same order, wherever in a cache line a weight begins: on numbers where any other shows.
    /// </summary>
    private static bool AreTheSame(BFloat16RowProducts products) =>
        AreTheSame(products, inputs: 1024 + 70, offset: 0) && AreTheSame(products, 2048 + 96, offset: 2) && AreTheSame(products, 1024, offset: 16);

    private static unsafe bool AreTheSame(BFloat16RowProducts products, int inputs, int offset)
    {
        const int Rows = 7, Outputs = 9, VectorBytes = 64;
        const ushort NotANumber = 0x7FC0;
        var random = new SplitMix64(1);
        FloatBuffer x = new(Rows * inputs), whole = new(Rows * Outputs), part = new(RowDotBlocks.FewRows * Outputs);
        foreach (ref float value in x.Span)
            value = random.NextNormal();
        int length = (Outputs * inputs) + (VectorBytes / sizeof(ushort));
        ushort* memory = (ushort*)NativeMemory.AlignedAlloc((nuint)length * sizeof(ushort), VectorBytes);
        try
        {
            new Span<ushort>(memory, length).Fill(NotANumber); // beside the weight, where only a mask keeps it out
            foreach (ref ushort value in new Span<ushort>(memory + offset, Outputs * inputs))
                value = BFloat16.Round(random.NextNormal());
            var w = new BFloat16Matrix(memory + offset, Outputs, inputs);
            products.Multiply(x.Matrix(Rows, inputs), w, whole.Matrix(Rows, Outputs), accumulate: false);
            bool same = true;
            for (int rows = 1; rows <= RowDotBlocks.FewRows; rows++)
            {
                products.Multiply(x.Matrix(Rows, inputs).SliceRows(0, rows), w, part.Matrix(rows, Outputs), accumulate: false);
                same &= part.Span[..(rows * Outputs)].SequenceEqual(whole.Span[..(rows * Outputs)]);
            }

            return same;
        }
        finally
        {
            NativeMemory.AlignedFree(memory);
        }
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
