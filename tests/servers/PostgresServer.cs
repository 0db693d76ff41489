namespace Outerloop.Tests.Servers;

/// <summary>Debian's PostgreSQL, one server for all tests of a process.</summary>
internal static class PostgresServer
{
    private static readonly Lazy<Task<TestServer>> Started = new(() => TestServer.Start("postgres.sh"));

    private static int _runs;

    /// <summary>Why tests cannot have it; null if they can.</summary>
    public static string? Absent { get; } =
        OperatingSystem.IsLinux() && Directory.Exists("/usr/lib/postgresql") ? null : "not run: PostgreSQL is absent";

    /// <summary>Its address, as <c>--store</c> wants it.</summary>
    public static async Task<string> Address() => (await Started.Value).Said;

    /// <summary>A name that no other test gives to a run, with a capital letter, which SQL would lower.</summary>
    public static string NewRun() => $"Run-{Interlocked.Increment(ref _runs)}";
}
