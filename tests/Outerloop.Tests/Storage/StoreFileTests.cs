using System.Text;
using Dapper;
using Microsoft.Data.Sqlite;
using Outerloop.Storage;
using Outerloop.Tasks;
using Outerloop.Tests.Support;
using Outerloop.Traces;

namespace Outerloop.Tests.Storage;

/// <summary>Files that are stores of other versions, or none.</summary>
public sealed class StoreFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_store_from_before_verifiers_were_noisy_is_read_as_what_was_told_then()
    {
        await (await Open()).DisposeAsync();
        await using (var connection = new SqliteConnection($"Data Source={Path};Pooling=False"))
        {
            connection.Open();
            await connection.ExecuteAsync(
                """
                ALTER TABLE trace DROP COLUMN accepted;
                ALTER TABLE trace DROP COLUMN goal_share;
                ALTER TABLE trace DROP COLUMN answer_tokens;
                DROP TABLE cost;
                DROP TABLE origin;
                DROP TABLE work;
                DROP TABLE job;
                DROP TABLE completion;
                DROP TABLE feedback;
                DROP TABLE deployment;
                DROP INDEX task_fingerprint;
                DROP TABLE curated;
                CREATE TABLE curated (
                    domain TEXT NOT NULL, generation INTEGER NOT NULL, number INTEGER NOT NULL, source_generation INTEGER NOT NULL, source_sample INTEGER NOT NULL,
                    PRIMARY KEY (domain, generation, number, source_generation, source_sample));
                INSERT INTO curated VALUES ('d', 1, 7, 0, 2);
                DROP INDEX trace_browse;
                DROP INDEX trace_failure;
                DROP INDEX trace_outcome;
                INSERT INTO trace VALUES ('d', 0, 'pool', 0, 'sampled', 0, 'w', 'valid', 1, NULL, NULL, NULL, 1, 0, '', x'', x'', x'');
                INSERT INTO trace VALUES ('d', 0, 'pool', 1, 'sampled', 0, 'w', 'invalid', 1, NULL, NULL, NULL, 1, 0, '', x'', x'', x'');
                PRAGMA user_version = 2;
                """);
        }

        await using RunStore store = await Open();
        Assert.Equal([(true, 1.0), (false, 0.0)], (await store.Traces("d", TaskSet.Pool, 0, 0)).Select(trace => (trace.Accepted, trace.GoalShare)));
        Assert.Equal(new TraceId(0, new TaskId("d", TaskSet.Pool, 7), SampleMode.Sampled, 2), Assert.Single((await store.Curated("d"))[1]));
    }

    [Fact]
    public async Task A_store_of_a_newer_version_is_refused()
    {
        await (await Open()).DisposeAsync();
        await using (var connection = new SqliteConnection($"Data Source={Path};Pooling=False"))
        {
            connection.Open();
            await connection.ExecuteAsync("PRAGMA user_version = 999");
        }

        InputException refusal = await Assert.ThrowsAsync<InputException>(Open);
        Assert.Contains("newer version", refusal.Message);
    }

    [Theory]
    [InlineData("this is no database, and long enough to have a header that says so, as SQLite looks at a hundred bytes or so of it before it decides")]
    public async Task A_file_that_is_no_store_is_refused(string content)
    {
        await File.WriteAllTextAsync(Path, content, Encoding.ASCII);
        InputException refusal = await Assert.ThrowsAsync<InputException>(Open);
        Assert.StartsWith($"{Path}: not a store", refusal.Message);
    }

    private string Path => _folder.File("store.sqlite");

    private Task<RunStore> Open() => RunStore.Open(Path, default);
}
