using System.Runtime.InteropServices;

namespace Outerloop.Model.Kernels.Emitted;

/// <summary>The system calls that emitted code needs, as Linux on x64 has them.</summary>
internal static unsafe partial class LinuxCalls
{
    public const int ReadWrite = 0x3, ReadExecute = 0x5, PrivateAnonymous = 0x22;

    private const nint ArchPrctl = 158, RequestStatePermission = 0x1023, TileData = 18;

    /// <summary>Whether this process runs where these calls exist.</summary>
    public static bool AreHere => OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture == Architecture.X64;

    /// <summary>
    /// Asks for the use of the tile registers, once for the whole process; the kernel grants it only where it saves and
    /// restores them, that is where XCR0 has them.
    /// </summary>
    public static bool RequestTiles() => SystemCall(ArchPrctl, RequestStatePermission, TileData) == 0;

    [LibraryImport("libc", EntryPoint = "mmap", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial void* MapMemory(void* address, nuint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "mprotect", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int Protect(void* address, nuint length, int protection);

    [LibraryImport("libc", EntryPoint = "munmap", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int UnmapMemory(void* address, nuint length);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint SystemCall(nint number, nint first, nint second);
}
