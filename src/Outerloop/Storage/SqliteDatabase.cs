using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace Outerloop.Storage;

/// <summary>A store in a file.</summary>
internal sealed class SqliteDatabase(string path) : Database
{
    private const int DiskFull = 13, CannotOpen = 14, ReadOnly = 8, NotADatabase = 26, Corrupt = 11, IoError = 10;

    public override string Name => path;

    public override string Now => "unixepoch('subsec')";

    /// <summary>Writers wait for each other as a whole.</summary>
    public override string SkipLocked => "";

    /// <summary>Nothing: transactions are begun as writers.</summary>
    public override string RecordingLock => "SELECT 0";

    protected override string Preparation => "PRAGMA busy_timeout = 10000; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -16000; PRAGMA wal_autocheckpoint = 4000;";

    /// <summary>Nothing: transactions are begun as writers.</summary>
    protected override string MigrationLock => "SELECT 0";

    protected override string ReadVersion => "PRAGMA user_version";

    protected override string WriteVersion(int version) => $"PRAGMA user_version = {version}";

    protected override DbConnection Connection() =>
        new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());

    protected override DbConnection ReadConnection() =>
        new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false, Mode = SqliteOpenMode.ReadOnly }.ToString());

    protected override string ReadPreparation => "PRAGMA busy_timeout = 10000";

    public override Exception Explain(DbException problem) => (problem as SqliteException)?.SqliteErrorCode switch
    {
        DiskFull => new OutsideException($"{path}: the disk is full; free some space and go on with --resume", problem),
        CannotOpen when !File.Exists(path) => new InputException($"{path}: there is no store", problem),
        CannotOpen or ReadOnly => new InputException($"{path}: the store cannot be opened for writing", problem),
        NotADatabase or Corrupt => new InputException($"{path}: not a store of outerloop, or a damaged one", problem),
        IoError => new OutsideException($"{path}: the disk failed ({problem.Message})", problem),
        _ => new OutsideException($"{path}: {problem.Message}", problem),
    };
}
