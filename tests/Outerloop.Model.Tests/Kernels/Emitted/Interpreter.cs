using Outerloop.Model.Kernels.Emitted;

namespace Outerloop.Model.Tests.Kernels.Emitted;

/// <summary>
/// Executes emitted routines as the manuals describe their instructions, on registers that are arrays: a processor for
/// machines that lack the real one. It knows only what the assembler writes and fails at any other byte.
/// </summary>
internal sealed unsafe class Interpreter(byte[] code) : IRoutineCaller
{
    private const int Rdi = 7;

    [ThreadStatic]
    private static InterpreterState? _state;

    private static InterpreterState State => _state ??= new InterpreterState();

    public void Call(int offset, nint argument)
    {
        InterpreterState state = State;
        state.General[Rdi] = argument;
        int at = offset;
        while (code[at] != 0xC3)
            at = Step(state, at);
    }

    private int Step(InterpreterState state, int at) => code[at] switch
    {
        0x62 => VectorInstruction(state, at),
        0xC4 => TileInstruction(state, at),
        0xC5 => at + 3, // vzeroupper: upper halves are never read again
        0x0F when code[at + 1] == 0x85 => at + 6 + (state.Zero ? 0 : BitConverter.ToInt32(code, at + 2)),
        >= 0x48 and <= 0x4F => GeneralInstruction(state, at),
        _ => throw Unknown(at),
    };

    private int GeneralInstruction(InterpreterState state, int at)
    {
        int prefix = code[at], modRm = code[at + 2];
        int reg = ((modRm >> 3) & 7) | ((prefix & 4) << 1), rm = (modRm & 7) | ((prefix & 1) << 3);
        ref long target = ref state.General[rm];
        switch (code[at + 1], modRm >> 6)
        {
            case (0x8B, 2):
                state.General[reg] = *(long*)(target + BitConverter.ToInt32(code, at + 3));
                return at + 7;
            case (0xC7, 3):
                target = BitConverter.ToInt32(code, at + 3);
                return at + 7;
            case (0x81, 3):
                target += (reg & 7) == 5 ? -BitConverter.ToInt32(code, at + 3) : BitConverter.ToInt32(code, at + 3);
                state.Zero = target == 0;
                return at + 7;
            case (0x89, 3):
                target = state.General[reg];
                return at + 3;
            case (0x01, 3):
                target += state.General[reg];
                return at + 3;
            default:
                throw Unknown(at);
        }
    }

    private int VectorInstruction(InterpreterState state, int at)
    {
        int first = code[at + 1], second = code[at + 2], third = code[at + 3], modRm = code[at + 5];
        int inverted = first ^ 0xF0, prefix = second & 3, map = first & 7;
        if ((second & 0x84) != 4 || (third & 0xF7) != 0x40)
            throw Unknown(at);
        int reg = ((modRm >> 3) & 7) | ((inverted >> 7 & 1) << 3) | ((inverted >> 4 & 1) << 4);
        int rm = (modRm & 7) | ((inverted >> 5 & 1) << 3) | ((inverted >> 6 & 1) << 4);
        int other = (~(second >> 3) & 15) | ((~third >> 3 & 1) << 4);
        uint[] vector = state.Vectors[reg];
        if (modRm >> 6 == 3)
        {
            switch (map, prefix, code[at + 4])
            {
                case (2, 2, 0x52):
                    InterpreterState.DotProduct(vector, state.Vectors[other], state.Vectors[rm]);
                    return at + 6;
                case (1, 1, 0xEF):
                    for (int lane = 0; lane < 16; lane++)
                        vector[lane] = state.Vectors[other][lane] ^ state.Vectors[rm][lane];
                    return at + 6;
                case (1, 1, 0xDB):
                    for (int lane = 0; lane < 16; lane++)
                        vector[lane] = state.Vectors[other][lane] & state.Vectors[rm][lane];
                    return at + 6;
                default:
                    throw Unknown(at);
            }
        }

        uint* memory = (uint*)(state.General[rm] + BitConverter.ToInt32(code, at + 6));
        switch (map, prefix, code[at + 4])
        {
            case (1, 0, 0x10):
                new ReadOnlySpan<uint>(memory, 16).CopyTo(vector);
                return at + 10;
            case (1, 0, 0x11):
                vector.CopyTo(new Span<uint>(memory, 16));
                return at + 10;
            case (2, 3, 0x72):
                InterpreterState.RoundToBFloat16(vector, state.Vectors[other], memory);
                return at + 10;
            case (2, 1, 0x58):
                Array.Fill(vector, *memory);
                return at + 10;
            default:
                throw Unknown(at);
        }
    }

    private int TileInstruction(InterpreterState state, int at)
    {
        int inverted = code[at + 1] ^ 0xE0, second = code[at + 2], modRm = code[at + 4];
        if ((inverted & 0x1F) != 2 || (second & 0x84) != 0)
            throw Unknown(at);
        int prefix = second & 3, reg = (modRm >> 3) & 7, other = ~(second >> 3) & 15;
        switch (code[at + 3], prefix)
        {
            case (0x49, 0) when modRm == 5:
                state.Configure(code.AsSpan(at + 9 + BitConverter.ToInt32(code, at + 5), 64));
                return at + 9;
            case (0x49, 0) when modRm == 0xC0:
                state.Release();
                return at + 5;
            case (0x49, 3):
                state.ZeroTile(reg);
                return at + 5;
            case (0x5C, 2) when modRm >> 6 == 3:
                state.MultiplyTiles(reg, modRm & 7, other);
                return at + 5;
            case (0x4B, 3 or 2) when modRm >> 6 == 2:
                int sib = code[at + 5];
                long address = state.General[(sib & 7) | ((inverted >> 5 & 1) << 3)] + BitConverter.ToInt32(code, at + 6);
                long stride = state.General[((sib >> 3) & 7) | ((inverted >> 6 & 1) << 3)];
                state.MoveTile(reg, (byte*)address, stride, load: prefix == 3);
                return at + 10;
            default:
                throw Unknown(at);
        }
    }

    private InvalidOperationException Unknown(int at) =>
        new($"no instruction that the assembler writes: {Convert.ToHexString(code.AsSpan(at, Math.Min(8, code.Length - at)))}");
}
