namespace Outerloop.Model.Kernels.Emitted;

/// <summary>
/// The routines of one kind of instruction: for each shape of a register block one that starts from zero and one that adds
/// to what is stored, and both again for an a on its side where the instruction can read it so. Their argument is a
/// <see cref="BlockJob"/>.
/// </summary>
internal sealed class BlockRoutines
{
    /// <summary>Columns of a block are a multiple of this.</summary>
    public const int ColumnGranule = 16;

    private const int LargestRows = 32, LargestColumns = 64;

    private readonly int[] _blocks = new int[Index(LargestRows, LargestColumns, accumulate: true, aside: true) + 1];

    public required byte[] Code { get; init; }

    /// <summary>Rows of the largest block.</summary>
    public required int Rows { get; init; }

    /// <summary>Rows of a block are a multiple of this.</summary>
    public required int RowGranule { get; init; }

    /// <summary>Columns of the largest block.</summary>
    public required int Columns { get; init; }

    /// <summary>Pairs of steps that a round of a block's loop takes.</summary>
    public required int RoundPairs { get; init; }

    /// <summary>Whether there are routines for an a on its side.</summary>
    public bool ReadsAside { get; init; }

    /// <summary>Called by a thread before its first block, and again after <see cref="End"/>.</summary>
    public required int Begin { get; init; }

    /// <summary>Called after the last one.</summary>
    public required int End { get; init; }

    /// <summary>Rounds rows, see <see cref="PackJob"/>; null where the instruction need not be there.</summary>
    public int? Pack { get; init; }

    /// <summary>The instruction from registers alone; the argument is the number of rounds.</summary>
    public required int Peak { get; init; }

    /// <summary>Floating-point operations of a round of <see cref="Peak"/>.</summary>
    public required double PeakOperations { get; init; }

    public required IEnumerable<(int Rows, int Columns, bool Accumulate, bool Aside, int Offset)> Blocks
    {
        init
        {
            foreach ((int rows, int columns, bool accumulate, bool aside, int offset) in value)
                _blocks[Index(rows, columns, accumulate, aside)] = offset;
        }
    }

    /// <summary>The routine of a shape.</summary>
    public int Block(int rows, int columns, bool accumulate, bool aside) => _blocks[Index(rows, columns, accumulate, aside)];

    private static int Index(int rows, int columns, bool accumulate, bool aside) =>
        (((rows * (LargestColumns / ColumnGranule)) + (columns / ColumnGranule)) * 4) + (aside ? 2 : 0) + (accumulate ? 1 : 0);
}
