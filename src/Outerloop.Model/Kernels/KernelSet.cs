using System.Collections.Immutable;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Outerloop.Model.Kernels.Emitted;

namespace Outerloop.Model.Kernels;

/// <summary>
/// The kernels of one tier. The three portable tiers compute in float and are the definition of correct. Two more multiply
/// matrices in bf16, by code that the program emits. The default is the fastest that the processor has: AMX, AVX512_BF16, or
/// the widest portable tier; the environment variable <c>OUTERLOOP_KERNELS=scalar|v256|v512|bf16|amx</c> chooses another.
/// Shapes and formulas stand with the kernels themselves, in the files that the methods name.
/// </summary>
internal abstract unsafe class KernelSet
{
    public const string EnvironmentVariable = "OUTERLOOP_KERNELS";

    private static readonly Lazy<KernelSet> LazyBest = new(() => Choose(Environment.GetEnvironmentVariable(EnvironmentVariable)));

    private static readonly Lazy<ImmutableArray<KernelSet>> LazyMixed = new(() =>
    [
        .. Mixed(KernelTier.BFloat16, EmittedTiers.DotProducts()),
        .. Mixed(KernelTier.Amx, EmittedTiers.Tiles()),
    ]);

    private static readonly Lazy<BFloat16RowProducts?> LazyRowProducts = new(EmittedTiers.RowDots);

    /// <summary>The portable tiers that this processor has, from plain to wide.</summary>
    public static ImmutableArray<KernelSet> Available { get; } =
    [
        new KernelSet<SimdScalar, float>(KernelTier.Scalar),
        .. Vector256.IsHardwareAccelerated && Fma.IsSupported
            ? [new KernelSet<Simd256, Vector256<float>>(KernelTier.Vector256)]
            : ImmutableArray<KernelSet>.Empty,
        .. Vector512.IsHardwareAccelerated
            ? [new KernelSet<Simd512, Vector512<float>>(KernelTier.Vector512)]
            : ImmutableArray<KernelSet>.Empty,
    ];

    /// <summary>The tiers of mixed precision that it has, the fastest last.</summary>
    public static ImmutableArray<KernelSet> AvailableMixed => LazyMixed.Value;

    /// <summary>What is used unless a tier is named.</summary>
    public static KernelSet Best => LazyBest.Value;

    /// <summary>The same but in float, for what is to be exact: the widest portable tier where the other is of mixed precision.</summary>
    public static KernelSet BestInFloat => Best.Format == PackedFormat.Single ? Best : Available[^1];

    /// <summary>The attention kernels start at rows that are a multiple of this.</summary>
    public static int AttentionBlockRows => Gemm<SimdScalar, float>.BlockRows;

    public abstract KernelTier Tier { get; }

    /// <summary>What the environment variable calls the tier.</summary>
    public string Name => Tier switch
    {
        KernelTier.Scalar => "scalar",
        KernelTier.Vector256 => "v256",
        KernelTier.Vector512 => "v512",
        KernelTier.BFloat16 => "bf16",
        _ => "amx",
    };

    /// <summary>The form of the right side that <see cref="Multiply(MatrixView, PackedMatrix, MatrixView, bool)"/> wants.</summary>
    public virtual PackedFormat Format => PackedFormat.Single;

    /// <summary>Y [rows, columns] (+)= X [rows, steps] · B [steps, columns]; see <see cref="Gemm{TSimd,TVector}"/>.</summary>
    public abstract void Multiply(MatrixView x, PackedMatrix b, MatrixView y, bool accumulate = false);

    /// <summary>Y [rows, outputs] (+)= X [rows, inputs] · Wᵀ; see <see cref="BFloat16Product{TSimd,TVector}"/>.</summary>
    public abstract void Multiply(MatrixView x, BFloat16Matrix w, MatrixView y, bool accumulate = false);

    /// <summary>dW [n, k] += dYᵀ [n, tokens] · X [tokens, k]; see <see cref="Gemm{TSimd,TVector}"/>.</summary>
    public abstract void AccumulateOuter(MatrixView dy, MatrixView x, MatrixView dw);

    /// <summary>See <see cref="RmsNorm{TSimd,TVector}.Forward"/>.</summary>
    public abstract void Normalise(MatrixView x, float* weight, float epsilon, MatrixView y, float* inverse);

    /// <summary>See <see cref="RmsNorm{TSimd,TVector}.Backward"/>.</summary>
    public abstract void NormaliseBackward(
        MatrixView dy, MatrixView x, float* weight, float* inverse, MatrixView dx, float* dweight, MatrixView y);

    /// <summary>See <see cref="HeadNormRotary{TSimd,TVector}.Forward"/>.</summary>
    public abstract void NormaliseHeads(
        MatrixView x, float* weight, float epsilon, RotaryTable table, ReadOnlySpan<int> positions, MatrixView y, float* inverse);

    /// <summary>See <see cref="HeadNormRotary{TSimd,TVector}.Backward"/>.</summary>
    public abstract void NormaliseHeadsBackward(
        MatrixView dy, MatrixView x, float* weight, RotaryTable table, ReadOnlySpan<int> positions, float* inverse,
        MatrixView dx, float* dweight);

    /// <summary>See <see cref="SwiGlu{TSimd,TVector}.Forward"/>.</summary>
    public abstract void Gate(MatrixView gateUp, MatrixView hidden);

    /// <summary>See <see cref="SwiGlu{TSimd,TVector}.Backward"/>.</summary>
    public abstract void GateBackward(MatrixView gateUp, MatrixView dhidden);

    /// <summary>See <see cref="SoftmaxCrossEntropy{TSimd,TVector}.LogProbabilities"/>.</summary>
    public abstract void LogProbabilities(MatrixView logits, ReadOnlySpan<int> targets, Span<float> logProbabilities);

    /// <summary>See <see cref="SoftmaxCrossEntropy{TSimd,TVector}.Gradient"/>.</summary>
    public abstract void CrossEntropyGradient(
        MatrixView logits, ReadOnlySpan<int> targets, ReadOnlySpan<float> weights, Span<float> logProbabilities);

    /// <summary>See <see cref="CausalAttention{TSimd,TVector}.Forward"/>.</summary>
    public abstract void Attend(
        AttentionShape shape, MatrixView queries, MatrixView keys, MatrixView values, int firstRow,
        Span<SoftmaxRow> softmax, MatrixView output, float* scratch);

    /// <summary>See <see cref="CausalAttention{TSimd,TVector}.Backward"/>.</summary>
    public abstract void AttendBackward(
        AttentionShape shape, MatrixView queries, MatrixView keys, MatrixView values, int firstRow,
        ReadOnlySpan<SoftmaxRow> softmax, MatrixView output, MatrixView doutput,
        MatrixView dqueries, MatrixView dkeys, MatrixView dvalues, float* scratch);

    /// <summary>See <see cref="Softmax{TSimd,TVector}.Row"/>.</summary>
    public abstract SoftmaxRow SoftmaxOfRow(float* scores, int width, float scale);

    /// <summary>See <see cref="GradientSum{TSimd,TVector}.Run"/>.</summary>
    public abstract double SumGradients(ReadOnlySpan<FloatBuffer> parts, int start, int length);

    /// <summary>See <see cref="AdamUpdate{TSimd,TVector}.Run"/>.</summary>
    public abstract void UpdateParameters(
        AdamStep step, float* parameter, float* gradient, float* first, float* second, int length);

    /// <summary>Does fused multiply-adds and nothing else; see <see cref="FmaPeak{TSimd,TVector}"/>.</summary>
    /// <returns>The number of floating-point operations done.</returns>
    public abstract double ExerciseMultiplyAdds(int rounds);

    /// <summary>The tier that the environment variable's value names; the default when it is not set.</summary>
    /// <exception cref="UnavailableKernelsException">This processor has no such tier.</exception>
    internal static KernelSet Choose(string? name)
    {
        if (string.IsNullOrEmpty(name))
            return AvailableMixed.LastOrDefault() ?? Available[^1];
        return Available.FirstOrDefault(IsNamed) ?? AvailableMixed.FirstOrDefault(IsNamed) ?? throw new UnavailableKernelsException(
            $"{EnvironmentVariable}={name}: this processor has {string.Join(", ", Available.AddRange(AvailableMixed).Select(set => set.Name))}");
        bool IsNamed(KernelSet set) => string.Equals(set.Name, name, StringComparison.OrdinalIgnoreCase);
    }

    private static IEnumerable<KernelSet> Mixed(KernelTier tier, BFloat16Products? products) =>
        products is null ? [] : [new MixedKernelSet(tier, products, LazyRowProducts.Value)];
}
