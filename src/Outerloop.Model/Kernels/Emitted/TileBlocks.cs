using static Outerloop.Model.Kernels.Emitted.Register;

namespace Outerloop.Model.Kernels.Emitted;

/// <summary>
/// Blocks of 16 or 32 rows and 16 or 32 columns by AMX's <c>tdpbf16ps</c>. The 32 × 32 block keeps its sums in four tiles;
/// a round multiplies 16 pairs of steps: two tiles of a by two of b, each loaded once and used twice.
/// </summary>
/// <remarks>A sum's bits do not depend on the block: it takes the rounds in ascending order, alone in its place of a tile.</remarks>
internal static class TileBlocks
{
    /// <summary>A tile is 16 rows of 64 bytes: 16 × 16 floats, or 16 × 16 pairs of bf16.</summary>
    private const int TileRows = 16, TileRowBytes = 64;

    /// <summary>tmm0-3 hold the sums, tmm4-5 a, tmm6-7 b.</summary>
    private const int FirstA = 4, FirstB = 6, Tiles = 8;

    private const int ConfigurationBytes = 64, OffsetOfRowBytes = 16, OffsetOfRows = 48;

    public static BlockRoutines Emit()
    {
        var code = new Assembler();
        int configuration = code.Data(Configuration());
        int begin = code.BeginRoutine();
        code.ConfigureTiles(configuration);
        code.Return();
        int end = code.BeginRoutine();
        code.ReleaseTiles();
        code.Return();
        int peak = Peak(code);
        var blocks = new List<(int Rows, int Columns, bool Accumulate, bool Aside, int Offset)>();
        foreach (bool accumulate in new[] { false, true })
        {
            foreach ((int down, int across) in new[] { (1, 1), (1, 2), (2, 1), (2, 2) })
                blocks.Add((down * TileRows, across * TileRows, accumulate, false, Block(code, down, across, accumulate)));
        }

        return new BlockRoutines
        {
            Code = code.ToArray(),
            Rows = 2 * TileRows,
            RowGranule = TileRows,
            Columns = 2 * TileRows,
            RoundPairs = TileRows,
            Begin = begin,
            End = end,
            Peak = peak,
            PeakOperations = 4.0 * TileRows * TileRows * TileRows * 4,
            Blocks = blocks,
        };
    }

    /// <summary>What <c>ldtilecfg</c> reads: palette 1, then from byte 16 the bytes of a row and from byte 48 the rows of each tile.</summary>
    private static byte[] Configuration()
    {
        byte[] bytes = new byte[ConfigurationBytes];
        bytes[0] = 1;
        for (int tile = 0; tile < Tiles; tile++)
        {
            bytes[OffsetOfRowBytes + (2 * tile)] = TileRowBytes;
            bytes[OffsetOfRows + tile] = TileRows;
        }

        return bytes;
    }

    private static int Block(Assembler code, int down, int across, bool accumulate)
    {
        int start = code.BeginRoutine();
        Addresses(code);
        EachSum(code, down, across, (tile, address, offset) =>
        {
            if (accumulate)
                code.LoadTile(tile, address, R9, offset);
            else
                code.ZeroTile(tile);
        });
        int loop = code.Position;
        for (int row = 0; row < down; row++)
        {
            code.LoadTile(FirstA + row, Rax, R10, row * TileRows * BlockJob.ARow);
            for (int column = 0; column < across; column++)
            {
                if (row == 0)
                    code.LoadTile(FirstB + column, Rsi, R8, column * TileRowBytes);
                code.MultiplyTiles((2 * row) + column, FirstA + row, FirstB + column);
            }
        }

        code.Add(Rax, TileRowBytes);
        code.Add(Rsi, Rdi);
        code.Subtract(Rcx, 1);
        code.JumpIfNotZero(loop);
        EachSum(code, down, across, (tile, address, offset) => code.StoreTile(tile, address, R9, offset));
        code.Return();
        return start;
    }

    /// <summary>rax: a, its rows r10 apart; rsi: b, r8 apart, rdi bytes a round; rdx: y, r9 apart, r11 its 17th row; rcx: rounds.</summary>
    private static void Addresses(Assembler code)
    {
        code.Load(Rax, Rdi, BlockJob.OffsetOfA);
        code.Load(Rsi, Rdi, BlockJob.OffsetOfB);
        code.Load(Rdx, Rdi, BlockJob.OffsetOfY);
        code.Load(Rcx, Rdi, BlockJob.OffsetOfRounds);
        code.Load(R8, Rdi, BlockJob.OffsetOfBRow);
        code.Load(R9, Rdi, BlockJob.OffsetOfYRow);
        code.Set(R10, BlockJob.ARow);
        SixteenTimes(code, Rdi, R8);
        SixteenTimes(code, R11, R9);
        code.Add(R11, Rdx);
    }

    private static void SixteenTimes(Assembler code, Register target, Register source)
    {
        code.Move(target, source);
        for (int i = 0; i < 4; i++)
            code.Add(target, target);
    }

    private static void EachSum(Assembler code, int down, int across, Action<int, Register, int> emit)
    {
        for (int row = 0; row < down; row++)
        {
            for (int column = 0; column < across; column++)
                emit((2 * row) + column, row == 0 ? Rdx : R11, column * TileRowBytes);
        }
    }

    private static int Peak(Assembler code)
    {
        int start = code.BeginRoutine();
        for (int tile = 0; tile < Tiles; tile++)
            code.ZeroTile(tile);
        int loop = code.Position;
        for (int sum = 0; sum < FirstA; sum++)
            code.MultiplyTiles(sum, FirstA + (sum / 2), FirstB + (sum % 2));
        code.Subtract(Rdi, 1);
        code.JumpIfNotZero(loop);
        code.Return();
        return start;
    }
}
