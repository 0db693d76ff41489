namespace Outerloop.Model.Kernels.Emitted;

/// <summary>
/// While it lasts, the calling thread's arithmetic takes numbers below 2^-126 for zero (FTZ and DAZ in the control register
/// MXCSR), which .NET has no means to say. An operation on such a number can cost a hundred times as much as on others, and the
/// moments of rarely used parameters decay into them. Where code cannot be emitted nothing happens.
/// </summary>
/// <remarks>Results differ by such numbers at most; on normal ones every bit stays the same.</remarks>
internal readonly unsafe ref struct FlushToZero : IDisposable
{
    private const uint Flush = 0x8000, DenormalsAreZero = 0x0040;

    private static readonly MachineCode? Code;
    private static readonly int Write;

    private readonly uint _before;

    static FlushToZero()
    {
        var assembler = new Assembler();
        assembler.StoreControl();
        assembler.Return();
        Write = assembler.BeginRoutine();
        assembler.LoadControl();
        assembler.Return();
        Code = MachineCode.TryLoad(assembler.ToArray());
    }

    private FlushToZero(uint before) => _before = before;

    /// <summary>Whether there is a means to it here.</summary>
    public static bool IsSupported => Code is not null;

    /// <summary>Until the result is disposed of, on the same thread.</summary>
    public static FlushToZero Begin()
    {
        uint before = 0;
        Code?.Call(0, (nint)(&before));
        Set(before | Flush | DenormalsAreZero);
        return new FlushToZero(before);
    }

    public void Dispose() => Set(_before);

    private static void Set(uint control) => Code?.Call(Write, (nint)(&control));
}
