namespace Outerloop.Model.Kernels.Emitted;

/// <summary>
/// Code that this program wrote, in pages of its own: written first, then made executable and no longer writable. It stays
/// until the process ends.
/// </summary>
internal sealed unsafe class MachineCode : IRoutineCaller
{
    private readonly byte* _start;

    private MachineCode(byte* start) => _start = start;

    /// <returns>Null where code cannot be made at run time: another system or processor, or a policy against it.</returns>
    public static MachineCode? TryLoad(ReadOnlySpan<byte> code)
    {
        if (!LinuxCalls.AreHere)
            return null;
        var length = (nuint)code.Length;
        void* pages = LinuxCalls.MapMemory(null, length, LinuxCalls.ReadWrite, LinuxCalls.PrivateAnonymous, file: -1, offset: 0);
        if (pages == (void*)-1)
            return null;
        code.CopyTo(new Span<byte>(pages, code.Length));
        if (LinuxCalls.Protect(pages, length, LinuxCalls.ReadExecute) == 0)
            return new MachineCode((byte*)pages);
        _ = LinuxCalls.UnmapMemory(pages, length);
        return null;
    }

    /// <remarks>
    /// Without the usual transition, which would cost more than a block: the collector waits for the routine's end, so
    /// routines take microseconds.
    /// </remarks>
    public void Call(int offset, nint argument) =>
        ((delegate* unmanaged[SuppressGCTransition]<nint, void>)(_start + offset))(argument);
}
