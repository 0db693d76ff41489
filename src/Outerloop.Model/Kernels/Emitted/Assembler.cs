using System.Buffers.Binary;

namespace Outerloop.Model.Kernels.Emitted;

/// <summary>The general registers that a System V function may change, by their numbers in the encodings.</summary>
internal enum Register
{
    Rax = 0,
    Rcx = 1,
    Rdx = 2,
    Rsi = 6,
    Rdi = 7,
    R8 = 8,
    R9 = 9,
    R10 = 10,
    R11 = 11,
}

/// <summary>
/// Writes the few x64 instructions that the kernels consist of. Each method is one instruction; its comment gives the
/// bytes as the manuals write them: <c>/r</c> is a ModRM byte, <c>/n</c> one whose register field is n, <c>id</c> a
/// 32-bit constant.
/// </summary>
/// <remarks>
/// A ModRM byte is <c>mod(2) reg(3) rm(3)</c>. Only two of its forms occur: mod 3, where rm is a register, and mod 2, where
/// rm is a register to whose content a 32-bit displacement is added (with rm 4 a SIB byte <c>scale(2) index(3) base(3)</c>
/// follows first). The fourth bit of a register's number is in the prefix: REX, VEX or EVEX.
/// </remarks>
internal sealed partial class Assembler
{
    private const int RoutineAlignment = 64;
    private const byte Breakpoint = 0xCC;

    private readonly List<byte> _code = [];

    public int Position => _code.Count;

    public byte[] ToArray() => [.. _code];

    /// <summary>Starts a routine at a cache line; what is skipped traps.</summary>
    public int BeginRoutine()
    {
        while (Position % RoutineAlignment != 0)
            _code.Add(Breakpoint);
        return Position;
    }

    /// <summary>Bytes that are data; the offset of the first.</summary>
    public int Data(ReadOnlySpan<byte> bytes)
    {
        int position = Position;
        _code.AddRange(bytes);
        return position;
    }

    /// <summary><c>mov target, [address + displacement]</c>: REX.W 8B /r</summary>
    public void Load(Register target, Register address, int displacement)
    {
        Rex(reg: (int)target, rm: (int)address);
        _code.Add(0x8B);
        Memory((int)target, address, displacement);
    }

    /// <summary><c>mov target, constant</c>: REX.W C7 /0 id</summary>
    public void Set(Register target, int constant) => WithConstant(0xC7, 0, target, constant);

    /// <summary><c>add target, constant</c>: REX.W 81 /0 id</summary>
    public void Add(Register target, int constant) => WithConstant(0x81, 0, target, constant);

    /// <summary><c>sub target, constant</c>: REX.W 81 /5 id; sets the zero flag</summary>
    public void Subtract(Register target, int constant) => WithConstant(0x81, 5, target, constant);

    /// <summary><c>mov target, source</c>: REX.W 89 /r, the source in the register field</summary>
    public void Move(Register target, Register source) => Registers(0x89, target, source);

    /// <summary><c>add target, source</c>: REX.W 01 /r, the source in the register field</summary>
    public void Add(Register target, Register source) => Registers(0x01, target, source);

    /// <summary><c>jnz target</c>: 0F 85 and the distance from the next instruction</summary>
    public void JumpIfNotZero(int target)
    {
        _code.AddRange([0x0F, 0x85]);
        Int32(target - (Position + sizeof(int)));
    }

    /// <summary><c>ret</c>: C3</summary>
    public void Return() => _code.Add(0xC3);

    /// <summary><c>ldmxcsr [rdi]</c>: 0F AE /2; here mod is 0, without a displacement</summary>
    public void LoadControl() => _code.AddRange([0x0F, 0xAE, 0x17]);

    /// <summary><c>stmxcsr [rdi]</c>: 0F AE /3; likewise</summary>
    public void StoreControl() => _code.AddRange([0x0F, 0xAE, 0x1F]);

    private void WithConstant(byte opcode, int extension, Register target, int constant)
    {
        Rex(reg: 0, rm: (int)target);
        _code.Add(opcode);
        Direct(extension, (int)target);
        Int32(constant);
    }

    private void Registers(byte opcode, Register target, Register source)
    {
        Rex(reg: (int)source, rm: (int)target);
        _code.Add(opcode);
        Direct((int)source, (int)target);
    }

    /// <summary>REX: <c>0100 W R X B</c>, here with W (64 bits); R extends the register field, B the rm field.</summary>
    private void Rex(int reg, int rm) => _code.Add((byte)(0x48 | (reg >> 3 << 2) | (rm >> 3)));

    /// <summary>ModRM with mod 3: two registers.</summary>
    private void Direct(int reg, int rm) => _code.Add((byte)(0xC0 | ((reg & 7) << 3) | (rm & 7)));

    /// <summary>ModRM with mod 2: <c>[address + displacement]</c>; no register here needs a SIB byte.</summary>
    private void Memory(int reg, Register address, int displacement)
    {
        _code.Add((byte)(0x80 | ((reg & 7) << 3) | ((int)address & 7)));
        Int32(displacement);
    }

    private void Int32(int value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        _code.AddRange(bytes);
    }
}
