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

    /// <summary>Most rows of x of a pass.</summary>
    public const int FewRows = 4;

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

        int[] passes = new int[FewRows + 1], linePasses = new int[FewRows + 1];
        for (int rows = 1; rows <= FewRows; rows++)
        {
            passes[rows] = Pass(code, rows, lines: false);
            linePasses[rows] = Pass(code, rows, lines: true);
        }

        return new RowDotRoutines(code.ToArray(), blocks, passes, linePasses);
    }

    /// <summary>
    /// Rows of w one after the other, so that it is one stream from memory. A round is few instructions, so that the processor
    /// has several rows in flight: that hides how long one chain of them takes.
    /// </summary>
    /// <param name="code">Is written to.</param>
    /// <param name="rows">Of x.</param>
    /// <param name="lines">Whether w is read by whole cache lines, the first and last of a block masked: zmm1 and zmm2.</param>
    private static int Pass(Assembler code, int rows, bool lines)
    {
        const int FirstMask = 1, LastMask = 2;
        int start = code.BeginRoutine();
        code.Load(Rsi, Rdi, RowDotJob.OffsetOfW);
        code.Load(Rdx, Rdi, RowDotJob.OffsetOfSums);
        code.Load(R8, Rdi, RowDotJob.OffsetOfWRow);
        code.Load(R9, Rdi, RowDotJob.OffsetOfXBlock);
        code.Load(R10, Rdi, RowDotJob.OffsetOfOutputs);
        if (lines)
        {
            code.Load(Rax, Rdi, RowDotJob.OffsetOfMasks);
            code.LoadVector(FirstMask, Rax, 0);
            code.LoadVector(LastMask, Rax, VectorBytes);
        }

        int output = code.Position;
        code.Load(Rax, Rdi, RowDotJob.OffsetOfX);
        code.Load(R11, Rdi, RowDotJob.OffsetOfBlocks);
        int block = code.Position;
        code.Load(Rcx, Rdi, RowDotJob.OffsetOfRounds);
        for (int row = 0; row < rows; row++)
            code.ZeroVector(FirstSum + row);
        if (lines)
        {
            Round(FirstMask);
            code.Add(Rsi, RoundBytes);
            code.Subtract(Rcx, 1);
        }

        int round = code.Position;
        Round(mask: null);
        code.Add(Rsi, RoundBytes);
        code.Subtract(Rcx, 1);
        code.JumpIfNotZero(round);
        if (lines)
            Round(LastMask);
        for (int row = 0; row < rows; row++)
            code.StoreVector(FirstSum + row, Rdx, row * VectorBytes);
        code.Add(Rdx, rows * VectorBytes);
        code.Add(Rax, R9);
        code.Subtract(R11, 1);
        code.JumpIfNotZero(block);
        code.Add(Rsi, R8);
        code.Subtract(R10, 1);
        code.JumpIfNotZero(output);
        code.ZeroUpper();
        code.Return();
        return start;

        void Round(int? mask)
        {
            code.LoadVector(0, Rsi, 0);
            if (mask is { } some)
                code.And(0, 0, some);
            for (int row = 0; row < rows; row++)
            {
                code.LoadVector(FirstX + row, Rax, row * RowDotJob.XRow);
                code.DotProduct(FirstSum + row, 0, FirstX + row);
            }

            code.Add(Rax, RoundBytes);
        }
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
