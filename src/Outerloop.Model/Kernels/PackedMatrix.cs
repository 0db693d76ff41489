namespace Outerloop.Model.Kernels;

/// <summary>
/// The right side B [steps, columns] of a product, laid out as the GEMM kernel reads it: panels of 64 columns, each
/// [steps][width] without gaps. The last panel is as wide as what is left of the columns, rounded up to a multiple of 16
/// and padded with zeros.
/// </summary>
internal sealed unsafe class PackedMatrix
{
    /// <summary>Columns of a full panel.</summary>
    public const int PanelColumns = 64;

    /// <summary>The width of the last panel is a multiple of this.</summary>
    public const int ColumnGranule = 16;

    private readonly FloatBuffer _data;

    public PackedMatrix(int steps, int columns)
    {
        Steps = steps;
        Columns = columns;
        PaddedColumns = (columns + ColumnGranule - 1) / ColumnGranule * ColumnGranule;
        _data = new FloatBuffer(checked(steps * PaddedColumns));
    }

    /// <summary>Length of the sum of each output element (K of the forward product).</summary>
    public int Steps { get; }

    /// <summary>Columns of the output (N of the forward product).</summary>
    public int Columns { get; }

    public int PaddedColumns { get; }

    public int Panels => (Columns + PanelColumns - 1) / PanelColumns;

    /// <summary>Packs a weight W [columns, steps] (the shape [out, in] of a projection) for Y = X·Wᵀ.</summary>
    public static PackedMatrix ForForward(MatrixView weight)
    {
        var packed = new PackedMatrix(weight.Columns, weight.Rows);
        packed.PackTransposed(weight);
        return packed;
    }

    /// <summary>Packs a weight W [steps, columns] as it is, for dX = dY·W.</summary>
    public static PackedMatrix ForBackward(MatrixView weight)
    {
        var packed = new PackedMatrix(weight.Rows, weight.Columns);
        packed.Pack(weight);
        return packed;
    }

    public int PanelWidth(int panel) => Math.Min(PanelColumns, PaddedColumns - (panel * PanelColumns));

    /// <summary>Panel [steps][<see cref="PanelWidth"/>].</summary>
    public float* Panel(int panel) => _data.Data + ((nint)panel * PanelColumns * Steps);

    /// <summary>Replaces the content by <paramref name="matrix"/> [steps, columns].</summary>
    public void Pack(MatrixView matrix)
    {
        MatrixView.Check(
            matrix.Rows == Steps && matrix.Columns == Columns,
            $"a packed [{Steps}, {Columns}] cannot take [{matrix.Rows}, {matrix.Columns}]");
        for (int panel = 0; panel < Panels; panel++)
        {
            int start = panel * PanelColumns, width = PanelWidth(panel), count = Math.Min(width, Columns - start);
            float* target = Panel(panel);
            for (int step = 0; step < Steps; step++, target += width)
                new ReadOnlySpan<float>(matrix.Row(step) + start, count).CopyTo(new Span<float>(target, count));
        }
    }

    /// <summary>Replaces the content by the transpose of <paramref name="matrix"/> [columns, steps].</summary>
    public void PackTransposed(MatrixView matrix)
    {
        MatrixView.Check(
            matrix.Rows == Columns && matrix.Columns == Steps,
            $"a packed [{Steps}, {Columns}] cannot take the transpose of [{matrix.Rows}, {matrix.Columns}]");
        for (int panel = 0; panel < Panels; panel++)
        {
            int start = panel * PanelColumns, width = PanelWidth(panel), count = Math.Min(width, Columns - start);
            Transposition.Write(matrix.SliceRows(start, count), Panel(panel), width);
        }
    }
}
