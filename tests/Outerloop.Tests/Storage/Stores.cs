using System.Reflection;
using Outerloop.Storage;
using Outerloop.Tests.Servers;
using Outerloop.Tests.Support;
using Xunit.Sdk;

namespace Outerloop.Tests.Storage;

/// <summary>The databases that a store can live in.</summary>
public enum StoreKind
{
    Sqlite,
    Postgres,
}

/// <summary>Runs a theory against a store in a file.</summary>
internal sealed class OnSqliteAttribute(params object[] data) : DataAttribute
{
    public override IEnumerable<object[]> GetData(MethodInfo testMethod) => [[StoreKind.Sqlite, .. data]];
}

/// <summary>Runs a theory against a store in PostgreSQL.</summary>
internal sealed class OnPostgresAttribute : DataAttribute
{
    private readonly object[] _data;

    public OnPostgresAttribute(params object[] data) => (_data, Skip) = (data, PostgresServer.Absent);

    public override IEnumerable<object[]> GetData(MethodInfo testMethod) => [[StoreKind.Postgres, .. _data]];
}

/// <summary>A store of its own for a test, of either kind.</summary>
internal sealed class StoreOfTest : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _run = PostgresServer.NewRun();

    public void Dispose() => _folder.Dispose();

    public async Task<string> Address(StoreKind kind) =>
        kind == StoreKind.Sqlite ? _folder.File("store.sqlite") : PostgresAddress.OfRun(await PostgresServer.Address(), _run);

    public async Task<RunStore> Open(StoreKind kind) => await RunStore.Open(await Address(kind), default);

    public async Task<WorkQueue> Queue(StoreKind kind, string worker, TimeSpan? lease = null) =>
        await WorkQueue.Open(await Address(kind), worker, lease ?? TimeSpan.FromMinutes(1), default);
}
