namespace Outerloop.Model.Kernels;

/// <summary>
/// The right side B [steps, columns] of a product, laid out as the GEMM kernel reads it: panels of equal width, at most
/// 64 columns, each [steps][width] without gaps. The last panel is as wide as what is left of the columns, rounded up to a
/// multiple of 16 and padded with zeros. In bf16 a row of a panel is a pair of steps, and their number is rounded up to a multiple of 32.
/// </summary>
internal sealed unsafe class PackedMatrix
{
    /// <summary>Columns of the widest panel.</summary>
    public const int WidestPanel = 64;

    /// <summary>The width of a panel is a multiple of this.</summary>
    public const int ColumnGranule = 16;

    /// <summary>In bf16 the number of steps is a multiple of this.</summary>
    public const int StepGranule = 32;

    private readonly FloatBuffer _data;
    private FloatBuffer? _rounded;

    public PackedMatrix(int steps, int columns, PackedFormat format = PackedFormat.Single)
    {
        Steps = steps;
        Columns = columns;
        Format = format;
        PanelColumns = EvenWidth(columns);
        PaddedColumns = (columns + ColumnGranule - 1) / ColumnGranule * ColumnGranule;
        PanelRows = format == PackedFormat.Single ? steps : (steps + StepGranule - 1) / StepGranule * (StepGranule / 2);
        _data = new FloatBuffer(checked(PanelRows * PaddedColumns));
    }

    public PackedFormat Format { get; }

    /// <summary>Length of the sum of each output element (K of the forward product).</summary>
    public int Steps { get; }

    /// <summary>Columns of the output (N of the forward product).</summary>
    public int Columns { get; }

    public int PaddedColumns { get; }

    /// <summary>Columns of every panel but the last.</summary>
    public int PanelColumns { get; }

    /// <summary>Rows of a panel: steps, or pairs of them.</summary>
    public int PanelRows { get; }

    public int Panels => Columns == 0 ? 0 : (Columns + PanelColumns - 1) / PanelColumns;

    /// <summary>Packs a weight W [columns, steps] (the shape [out, in] of a projection) for Y = X·Wᵀ.</summary>
    public static PackedMatrix ForForward(MatrixView weight, PackedFormat format = PackedFormat.Single)
    {
        var packed = new PackedMatrix(weight.Columns, weight.Rows, format);
        packed.PackTransposed(weight);
        return packed;
    }

    /// <summary>Packs a weight W [steps, columns] as it is, for dX = dY·W.</summary>
    public static PackedMatrix ForBackward(MatrixView weight, PackedFormat format = PackedFormat.Single)
    {
        var packed = new PackedMatrix(weight.Rows, weight.Columns, format);
        packed.Pack(weight);
        return packed;
    }

    /// <summary>
    /// The width of the panels that so many columns are cut into, as equal as they can be: 80 are 48 and 32, for a block of 16
    /// columns has too few sums to keep the multipliers busy.
    /// </summary>
    public static int EvenWidth(int columns)
    {
        int panels = Math.Max(1, (columns + WidestPanel - 1) / WidestPanel), granules = (columns + ColumnGranule - 1) / ColumnGranule;
        return (granules + panels - 1) / panels * ColumnGranule;
    }

    public int PanelWidth(int panel) => Math.Min(PanelColumns, PaddedColumns - (panel * PanelColumns));

    /// <summary>Panel [<see cref="PanelRows"/>][<see cref="PanelWidth"/>].</summary>
    public float* Panel(int panel) => _data.Data + ((nint)panel * PanelColumns * PanelRows);

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
            if (Format == PackedFormat.BFloat16Pairs)
            {
                BFloat16Pairs.PackRows(matrix.SliceColumns(start, count), (uint*)target, width, PanelRows);
                continue;
            }

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
            MatrixView rows = matrix.SliceRows(start, count);
            Transposition.Write(Format == PackedFormat.Single ? rows : Pairs(rows), Panel(panel), width);
        }
    }

    /// <summary>Rows [count, steps] as pairs [count, <see cref="PanelRows"/>], which are moved about like floats.</summary>
    private MatrixView Pairs(MatrixView rows)
    {
        MatrixView pairs = (_rounded ??= new FloatBuffer(PanelColumns * PanelRows)).Matrix(rows.Rows, PanelRows);
        for (int row = 0; row < rows.Rows; row++)
            BFloat16Pairs.PackRow(rows.Row(row), Steps, (uint*)pairs.Row(row), PanelRows);
        return pairs;
    }
}
