using System.Data.Common;
using Dapper;
using Outerloop.Tasks;
using Outerloop.Traces;

namespace Outerloop.Storage;

/// <content>Traces by the hundred thousand, for those who count in all of them.</content>
public sealed partial class RunStore
{
    /// <summary>
    /// The run's own traces of a set of tasks by generations from one to another, by generation, task, mode and sample, without
    /// token ids and their log-probabilities, which are most of what a store holds.
    /// </summary>
    public Task<IReadOnlyList<Trace>> Outlines(string domain, TaskSet set, int fromGeneration, int toGeneration) =>
        Outlines(domain, set, (fromGeneration, toGeneration), "mode NOT IN ('extra', 'live')");

    /// <summary>The same of those that were sampled beyond the run's own.</summary>
    public Task<IReadOnlyList<Trace>> ExtraOutlines(string domain, TaskSet set, int generation) =>
        Outlines(domain, set, (generation, generation), "mode = 'extra'");

    private async Task<IReadOnlyList<Trace>> Outlines(string domain, TaskSet set, (int From, int To) generations, string modes)
    {
        try
        {
            await Reconnect(CancellationToken.None);
            await using DbDataReader reader = await _connection.ExecuteReaderAsync(
                $"""
                SELECT {OutlineReader.Columns}
                FROM trace
                WHERE domain = @domain AND task_set = @set AND generation BETWEEN @From AND @To AND {modes}
                ORDER BY generation, number, mode, sample
                """,
                new { domain, set = Code.Of(set), generations.From, generations.To });
            return await new OutlineReader(domain, set).Read(reader);
        }
        catch (DbException problem)
        {
            throw _database.Explain(problem);
        }
    }
}
