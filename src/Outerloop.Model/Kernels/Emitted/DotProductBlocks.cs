using static Outerloop.Model.Kernels.Emitted.Register;

namespace Outerloop.Model.Kernels.Emitted;

/// <summary>
/// Blocks of 1 to 6 rows and 16, 32, 48 or 64 columns by AVX512_BF16's <c>vdpbf16ps</c>. The 6 × 64 block keeps its 24
/// vectors of sums in registers; a round multiplies one pair of steps: four vectors of b by one broadcast pair of each row.
/// </summary>
/// <remarks>A sum's bits do not depend on the block: it takes the pairs in ascending order, alone in its lane.</remarks>
internal static class DotProductBlocks
{
    private const int MaxRows = 6, MaxVectors = 4, VectorBytes = 64, PairBytes = 4;

    /// <summary>zmm0-3 hold b, zmm4-7 broadcasts of a, zmm8-31 the sums.</summary>
    private const int FirstBroadcast = 4, Broadcasts = 4, FirstSum = 8;

    public static BlockRoutines Emit()
    {
        var code = new Assembler();
        int nothing = code.BeginRoutine();
        code.Return();
        int peak = Peak(code), pack = Pack(code);
        var blocks = new List<(int Rows, int Columns, bool Accumulate, bool Aside, int Offset)>();
        foreach ((bool accumulate, bool aside) in new[] { (false, false), (false, true), (true, false), (true, true) })
        {
            for (int rows = 1; rows <= MaxRows; rows++)
            {
                for (int vectors = 1; vectors <= MaxVectors; vectors++)
                    blocks.Add((rows, vectors * BlockRoutines.ColumnGranule, accumulate, aside, Block(code, rows, vectors, accumulate, aside)));
            }
        }

        return new BlockRoutines
        {
            Code = code.ToArray(),
            Rows = MaxRows,
            RowGranule = 1,
            Columns = MaxVectors * BlockRoutines.ColumnGranule,
            RoundPairs = 1,
            ReadsAside = true,
            Begin = nothing,
            End = nothing,
            Peak = peak,
            Pack = pack,
            PeakOperations = MaxRows * MaxVectors * BlockRoutines.ColumnGranule * 4,
            Blocks = blocks,
        };
    }

    private static int Block(Assembler code, int rows, int vectors, bool accumulate, bool aside)
    {
        int start = code.BeginRoutine();
        code.Load(Rax, Rdi, BlockJob.OffsetOfA);
        code.Load(Rsi, Rdi, BlockJob.OffsetOfB);
        code.Load(Rcx, Rdi, BlockJob.OffsetOfRounds);
        code.Load(R8, Rdi, BlockJob.OffsetOfBRow);
        code.Load(R9, Rdi, BlockJob.OffsetOfYRow);
        if (aside)
            code.Load(R10, Rdi, BlockJob.OffsetOfAStep);
        if (accumulate)
            EachSum(code, rows, vectors, (sum, offset) => code.LoadVector(sum, Rdx, offset));
        else
            ZeroSums(code, rows * vectors);

        int loop = code.Position;
        for (int vector = 0; vector < vectors; vector++)
            code.LoadVector(vector, Rsi, vector * VectorBytes);
        for (int row = 0; row < rows; row++)
        {
            int broadcast = FirstBroadcast + (row % Broadcasts);
            code.Broadcast(broadcast, Rax, row * (aside ? PairBytes : BlockJob.ARow));
            for (int vector = 0; vector < vectors; vector++)
                code.DotProduct(FirstSum + (row * vectors) + vector, vector, broadcast);
        }

        if (aside)
            code.Add(Rax, R10);
        else
            code.Add(Rax, PairBytes);
        code.Add(Rsi, R8);
        code.Subtract(Rcx, 1);
        code.JumpIfNotZero(loop);
        EachSum(code, rows, vectors, (sum, offset) => code.StoreVector(sum, Rdx, offset));
        code.ZeroUpper();
        code.Return();
        return start;
    }

    /// <summary>Walks down the rows of y with rdx.</summary>
    private static void EachSum(Assembler code, int rows, int vectors, Action<int, int> emit)
    {
        code.Load(Rdx, Rdi, BlockJob.OffsetOfY);
        for (int row = 0; row < rows; row++)
        {
            for (int vector = 0; vector < vectors; vector++)
                emit(FirstSum + (row * vectors) + vector, vector * VectorBytes);
            code.Add(Rdx, R9);
        }
    }

    private static void ZeroSums(Assembler code, int count)
    {
        for (int sum = FirstSum; sum < FirstSum + count; sum++)
            code.ZeroVector(sum);
    }

    /// <summary>Rows by rax, rsi and r10; rounds of a row by r9, r11 and rcx.</summary>
    private static int Pack(Assembler code)
    {
        const int FloatBytes = PackJob.RoundFloats * sizeof(float);
        int start = code.BeginRoutine();
        code.Load(Rax, Rdi, PackJob.OffsetOfSource);
        code.Load(Rsi, Rdi, PackJob.OffsetOfTarget);
        code.Load(R10, Rdi, PackJob.OffsetOfRows);
        code.Load(R8, Rdi, PackJob.OffsetOfSourceRow);
        int row = code.Position;
        code.Move(R9, Rax);
        code.Move(R11, Rsi);
        code.Load(Rcx, Rdi, PackJob.OffsetOfRounds);
        int round = code.Position;
        code.LoadVector(0, R9, VectorBytes);
        code.RoundToBFloat16(0, 0, R9, 0);
        code.StoreVector(0, R11, 0);
        code.Add(R9, FloatBytes);
        code.Add(R11, FloatBytes / 2);
        code.Subtract(Rcx, 1);
        code.JumpIfNotZero(round);
        code.Add(Rax, R8);
        code.Add(Rsi, BlockJob.ARow);
        code.Subtract(R10, 1);
        code.JumpIfNotZero(row);
        code.ZeroUpper();
        code.Return();
        return start;
    }

    private static int Peak(Assembler code)
    {
        const int Sums = MaxRows * MaxVectors;
        int start = code.BeginRoutine();
        code.ZeroVector(0);
        ZeroSums(code, Sums);
        int loop = code.Position;
        for (int sum = FirstSum; sum < FirstSum + Sums; sum++)
            code.DotProduct(sum, 0, 0);
        code.Subtract(Rdi, 1);
        code.JumpIfNotZero(loop);
        code.ZeroUpper();
        code.Return();
        return start;
    }
}
