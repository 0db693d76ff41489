using static Outerloop.Model.Kernels.Emitted.Register;

namespace Outerloop.Model.Kernels.Emitted;

/// <summary>
/// Products of rows by rows, both with their steps side by side, by AVX512_BF16's <c>vdpbf16ps</c>: a round takes 32 steps of
/// up to six rows of x and up to four of w, and keeps what each lane sums in up to 24 registers. For weights that are read
/// where they lie.
/// </summary>
/// <remarks>A lane takes its pairs of steps in ascending order, of each pair the later step first, whatever the block.</remarks>
internal static class RowDotBlocks
{
    public const int MaxRows = 6, MaxOutputs = 4;

    private const int VectorBytes = 64, RoundBytes = RowDotJob.RoundSteps * sizeof(ushort);

    /// <summary>zmm0-3 hold w, zmm4-7 x, zmm8-31 the sums.</summary>
    private const int FirstX = 4, XVectors = 4, FirstSum = 8;

    /// <summary>Where the rows of w are read.</summary>
    private static readonly Register[] Rows = [Rsi, R9, R10, R11];

    public static RowDotRoutines Emit()
    {
        var code = new Assembler();
        int[,] blocks = new int[MaxRows + 1, MaxOutputs + 1];
        for (int rows = 1; rows <= MaxRows; rows++)
        {
            for (int outputs = 1; outputs <= MaxOutputs; outputs++)
                blocks[rows, outputs] = Block(code, rows, outputs);
        }

        return new RowDotRoutines(code.ToArray(), blocks);
    }

    private static int Block(Assembler code, int rows, int outputs)
    {
        int start = code.BeginRoutine();
        code.Load(Rax, Rdi, RowDotJob.OffsetOfX);
        code.Load(Rsi, Rdi, RowDotJob.OffsetOfW);
        code.Load(Rcx, Rdi, RowDotJob.OffsetOfRounds);
        code.Load(R8, Rdi, RowDotJob.OffsetOfWRow);
        code.Load(Rdx, Rdi, RowDotJob.OffsetOfSums);
        for (int output = 1; output < outputs; output++)
        {
            code.Move(Rows[output], Rows[output - 1]);
            code.Add(Rows[output], R8);
        }

        for (int sum = FirstSum; sum < FirstSum + (rows * outputs); sum++)
            code.ZeroVector(sum);

        int loop = code.Position;
        for (int output = 0; output < outputs; output++)
            code.LoadVector(output, Rows[output], 0);
        for (int row = 0; row < rows; row++)
        {
            int x = FirstX + (row % XVectors);
            code.LoadVector(x, Rax, row * RowDotJob.XRow);
            for (int output = 0; output < outputs; output++)
                code.DotProduct(FirstSum + (row * outputs) + output, output, x);
        }

        code.Add(Rax, RoundBytes);
        for (int output = 0; output < outputs; output++)
            code.Add(Rows[output], RoundBytes);
        code.Subtract(Rcx, 1);
        code.JumpIfNotZero(loop);
        for (int sum = 0; sum < rows * outputs; sum++)
            code.StoreVector(FirstSum + sum, Rdx, sum * VectorBytes);
        code.ZeroUpper();
        code.Return();
        return start;
    }
}
