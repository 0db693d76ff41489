using Outerloop.Model.Kernels;

namespace Outerloop.Model.Adapters;

/// <summary>
/// The adapter of one projection as the kernels read it. With x̃ = dropout(x) and u = s·x̃·Aᵀ [tokens, rank]: y += u·Bᵀ.
/// Backward, with du = s·dy·B: dB += dyᵀ·u, dA += duᵀ·x̃, dx += dropout(du·A).
/// </summary>
/// <remarks>u, du and x̃ are made again where they are needed: they cost rank/out of the projection itself.</remarks>
internal sealed unsafe class LowRankUpdate
{
    private readonly LowRankSlots _slots;
    private readonly int _firstColumn, _inputs, _outputs, _rank;
    private readonly float _dropout;
    private readonly PackedMatrix _down, _up;
    private readonly PackedMatrix? _downBackward, _upBackward;

    /// <param name="slots">The projection's tensors.</param>
    /// <param name="firstColumn">Where its outputs begin in the product that it is a part of.</param>
    /// <param name="dropout">Of the training.</param>
    /// <param name="training">Whether gradients will be wanted.</param>
    public LowRankUpdate(LowRankSlots slots, int firstColumn, float dropout, bool training)
    {
        _slots = slots;
        _firstColumn = firstColumn;
        _dropout = dropout;
        _rank = slots.A.Shape[0];
        _inputs = slots.A.Shape[1];
        _outputs = slots.B.Shape[0];
        _down = new PackedMatrix(_inputs, _rank);
        _up = new PackedMatrix(_rank, _outputs);
        _downBackward = training ? new PackedMatrix(_rank, _inputs) : null;
        _upBackward = training ? new PackedMatrix(_outputs, _rank) : null;
    }

    /// <summary>Packs the present values of the adapter.</summary>
    public void Update(float[] values)
    {
        fixed (float* flat = values)
        {
            _down.PackTransposed(A(flat));
            _up.PackTransposed(B(flat));
            _downBackward?.Pack(A(flat));
            _upBackward?.Pack(B(flat));
        }
    }

    /// <summary>Adds the update for x [tokens, in] to its columns of y.</summary>
    public void Apply(KernelSet kernels, AdapterWorkspace workspace, MatrixView x, MatrixView y) =>
        kernels.Multiply(Reduce(kernels, workspace, Dropped(workspace, x)), _up, Columns(y), accumulate: true);

    /// <summary>Adds the gradient of the input to dx [tokens, in].</summary>
    public void ApplyBackward(KernelSet kernels, AdapterWorkspace workspace, MatrixView dy, MatrixView dx)
    {
        MatrixView du = ReduceBackward(kernels, workspace, dy);
        if (Mask(workspace) is not { } mask)
        {
            kernels.Multiply(du, _downBackward!, dx, accumulate: true);
            return;
        }

        MatrixView wide = workspace.Wide(dx.Rows, _inputs);
        kernels.Multiply(du, _downBackward!, wide);
        mask.Apply(wide, dx, accumulate: true);
    }

    /// <summary>Adds the gradients of A and B to a flat buffer of the adapter's layout.</summary>
    public void AccumulateGradient(KernelSet kernels, AdapterWorkspace workspace, MatrixView dy, MatrixView x, float* gradient)
    {
        MatrixView dropped = Dropped(workspace, x);
        kernels.AccumulateOuter(Columns(dy), Reduce(kernels, workspace, dropped), B(gradient));
        kernels.AccumulateOuter(ReduceBackward(kernels, workspace, dy), dropped, A(gradient));
    }

    private MatrixView A(float* flat) => new(flat + _slots.A.Offset, _rank, _inputs, _inputs);

    private MatrixView B(float* flat) => new(flat + _slots.B.Offset, _outputs, _rank, _rank);

    private MatrixView Columns(MatrixView y) => y.SliceColumns(_firstColumn, _outputs);

    /// <summary>u [tokens, rank].</summary>
    private MatrixView Reduce(KernelSet kernels, AdapterWorkspace workspace, MatrixView dropped)
    {
        MatrixView u = workspace.Reduced(dropped.Rows, _rank);
        kernels.Multiply(dropped, _down, u);
        return Scaled(u);
    }

    /// <summary>du [tokens, rank].</summary>
    private MatrixView ReduceBackward(KernelSet kernels, AdapterWorkspace workspace, MatrixView dy)
    {
        MatrixView du = workspace.Reduced(dy.Rows, _rank);
        kernels.Multiply(Columns(dy), _upBackward!, du);
        return Scaled(du);
    }

    private MatrixView Scaled(MatrixView reduced)
    {
        foreach (ref float value in new Span<float>(reduced.Data, reduced.Rows * reduced.Columns))
            value *= _slots.Scale;
        return reduced;
    }

    /// <summary>x̃, which is x itself where nothing is dropped.</summary>
    private MatrixView Dropped(AdapterWorkspace workspace, MatrixView x)
    {
        if (Mask(workspace) is not { } mask)
            return x;
        MatrixView dropped = workspace.Wide(x.Rows, _inputs);
        mask.Apply(x, dropped);
        return dropped;
    }

    /// <summary>Each projection of each sequence has a mask of its own.</summary>
    private Dropout? Mask(AdapterWorkspace workspace) =>
        _dropout > 0 && workspace.DropoutKey is { } key
            ? new Dropout(SplitMix64.Mix(key ^ SplitMix64.Mix((ulong)_slots.A.Offset + 1)), _dropout)
            : null;
}
