using System.Data;
using System.Data.Common;
using Dapper;
using Outerloop.Runs;
using Outerloop.Tasks;
using Outerloop.Traces;

namespace Outerloop.Storage;

/// <summary>
/// The memory of one run: tasks, traces, data manifests and generations. Everything is keyed by the work that made it
/// and committed in whole transactions, so that a run killed at any instant goes on from what the store has.
/// </summary>
public sealed partial class RunStore : IJobLedger, IAsyncDisposable
{
    private const string KeyColumns = "domain AS Domain, generation AS Generation, task_set AS TaskSet, number AS Number, mode AS Mode, sample AS Sample";

    private const string InsertTask =
        "INSERT INTO task (domain, task_set, number, problem, fingerprint) VALUES (@Domain, @TaskSet, @Number, @Problem, @Fingerprint)";

    private const string InsertTraceRow =
        """
        INSERT INTO trace (domain, generation, task_set, number, mode, sample, weights, outcome, accepted, goal_share, plan_steps,
            failing_step, reason, message, prompt_tokens, answer_tokens, reasoning_tokens, answer, tokens, log_probs, sampling_log_probs)
        VALUES (@Domain, @Generation, @TaskSet, @Number, @Mode, @Sample, @Weights, @Outcome, @Accepted, @GoalShare, @PlanSteps,
            @FailingStep, @Reason, @Message, @PromptTokens, @AnswerTokens, @ReasoningTokens, @Answer, @Tokens, @LogProbs, @SamplingLogProbs)
        """;

    private const string InsertTrace =
        $"""
        {InsertTraceRow}
        ON CONFLICT (domain, generation, task_set, number, mode, sample) DO UPDATE SET
            weights = excluded.weights, outcome = excluded.outcome, accepted = excluded.accepted,
            goal_share = excluded.goal_share, plan_steps = excluded.plan_steps,
            failing_step = excluded.failing_step, reason = excluded.reason, message = excluded.message,
            prompt_tokens = excluded.prompt_tokens, answer_tokens = excluded.answer_tokens, reasoning_tokens = excluded.reasoning_tokens, answer = excluded.answer,
            tokens = excluded.tokens, log_probs = excluded.log_probs, sampling_log_probs = excluded.sampling_log_probs
        WHERE trace.outcome IN ('modelFailed', 'verifierFailed')
        RETURNING {KeyColumns}
        """;

    private readonly Database _database;
    private readonly DbConnection _connection;

    private RunStore(Database database, DbConnection connection)
    {
        _database = database;
        _connection = connection;
    }

    /// <summary>Opens a store, making it when it is not there.</summary>
    /// <param name="address">A file, or <c>postgres:CONNECTION</c> (see <see cref="PostgresAddress"/>).</param>
    /// <param name="cancellation">Stops waiting for the database.</param>
    /// <exception cref="InputException">It is not a store, or of a newer version of this program.</exception>
    /// <exception cref="OutsideException">The database cannot be reached.</exception>
    public static async Task<RunStore> Open(string address, CancellationToken cancellation)
    {
        Database database = Database.At(address);
        return new RunStore(database, await database.Open(cancellation));
    }

    /// <summary>
    /// Opens a store for reading alone, beside whoever writes to it; neither waits for the other. One of an older version is brought
    /// up to date first.
    /// </summary>
    /// <param name="address">As for <see cref="Open"/>.</param>
    /// <param name="cancellation">Stops waiting for the database.</param>
    /// <exception cref="InputException">There is none, or it is not a store, or of a newer version of this program.</exception>
    /// <exception cref="OutsideException">The database cannot be reached.</exception>
    public static async Task<RunStore> OpenToRead(string address, CancellationToken cancellation)
    {
        Database database = Database.At(address);
        return new RunStore(database, await database.OpenToRead(cancellation));
    }

    public async Task AddTasks(IEnumerable<PlanningTask> tasks, CancellationToken cancellation) =>
        await InTransaction(
            transaction => RowStatement.Execute(InsertTask, [.. tasks.Select(task => NewTaskRow.Of(task.Id, task.ProblemText, task.Fingerprint))], transaction),
            cancellation);

    /// <summary>All tasks of a domain as (id, problem in PDDL), by set and number.</summary>
    public async Task<IReadOnlyList<(TaskId Id, string Problem)>> Tasks(string domain)
    {
        IEnumerable<TaskRow> rows = await Query<TaskRow>(
            "SELECT task_set AS TaskSet, number AS Number, problem AS Problem FROM task WHERE domain = @domain", new { domain });
        return [.. rows.Select(row => (Id: new TaskId(domain, Code.Set(row.TaskSet), (int)row.Number), row.Problem)).OrderBy(task => task.Id)];
    }

    /// <summary>
    /// Keeps traces. A trace that came of failing machinery gives way to a later one of the same id; any other stays
    /// as it is for ever.
    /// </summary>
    /// <param name="traces">In any order.</param>
    /// <param name="costs">What they took. Counted also where the store keeps another trace: nobody else has asked for it, so it is paid once.</param>
    /// <param name="cancellation">Before it is begun.</param>
    public async Task AddTraces(IReadOnlyCollection<Trace> traces, IReadOnlyCollection<Cost> costs, CancellationToken cancellation) =>
        await InTransaction(
            async transaction =>
            {
                await Add(traces, transaction);
                await Add(costs, transaction);
            },
            cancellation);

    /// <returns>Those that are kept; of the others the store has another.</returns>
    private static async Task<IReadOnlySet<TraceId>> Add(IEnumerable<Trace> traces, DbTransaction transaction)
    {
        IEnumerable<Trace> distinct = traces.OrderByDescending(trace => trace.Outcome.IsTheModelsDoing()).DistinctBy(trace => trace.Id);
        IEnumerable<Trace> ordered = distinct.OrderBy(trace => trace.Id.Task).ThenBy(trace => trace.Id.Mode).ThenBy(trace => trace.Id.Sample);
        return (await RowStatement.Query<TraceRow, TraceKeyRow>(InsertTrace, [.. ordered.Select(TraceRow.Of)], transaction)).Select(row => row.Id).ToHashSet();
    }

    /// <summary>The ids of a generation's finished work: all traces but those of failing machinery.</summary>
    public async Task<IReadOnlySet<TraceId>> FinishedWork(string domain, int generation)
    {
        IEnumerable<TraceRow> rows = await Query<TraceRow>(
            $"""
            SELECT {KeyColumns}
            FROM trace WHERE domain = @domain AND generation = @generation AND outcome NOT IN ('modelFailed', 'verifierFailed')
            """,
            new { domain, generation });
        return rows.Select(row => row.Id).ToHashSet();
    }

    /// <summary>How many valid traces a generation has, those of users left out.</summary>
    public async Task<int> Valid(string domain, int generation) =>
        (int)(await Query<long>("SELECT COUNT(*) FROM trace WHERE domain = @domain AND generation = @generation AND mode <> 'live' AND outcome = 'valid'", new { domain, generation })).Single();

    /// <summary>
    /// The run's own traces of a set of tasks by generations from one to another, by generation, task, mode and sample.
    /// </summary>
    public Task<IReadOnlyList<Trace>> Traces(string domain, TaskSet set, int fromGeneration, int toGeneration) =>
        Traces(domain, set, (fromGeneration, toGeneration), "mode NOT IN ('extra', 'live')", TraceRow.Columns);

    /// <summary>The traces of a generation that were sampled beyond the run's own.</summary>
    public Task<IReadOnlyList<Trace>> ExtraTraces(string domain, TaskSet set, int generation) =>
        Traces(domain, set, (generation, generation), "mode = 'extra'", TraceRow.Columns);

    private async Task<IReadOnlyList<Trace>> Traces(string domain, TaskSet set, (int From, int To) generations, string modes, string columns)
    {
        IEnumerable<TraceRow> rows = await Query<TraceRow>(
            $"""
            SELECT {columns}
            FROM trace
            WHERE domain = @domain AND task_set = @set AND generation BETWEEN @From AND @To AND {modes}
            ORDER BY generation, number, mode, sample
            """,
            new { domain, set = Code.Of(set), generations.From, generations.To });
        return [.. rows.Select(row => row.ToTrace())];
    }

    /// <summary>Records which traces a generation is trained on, in place of what was recorded before.</summary>
    public async Task SetCurated(string domain, int generation, IEnumerable<TraceId> traces, CancellationToken cancellation) =>
        await InTransaction(
            async transaction =>
            {
                await _connection.ExecuteAsync(
                    "DELETE FROM curated WHERE domain = @domain AND generation = @generation", new { domain, generation }, transaction);
                await RowStatement.Execute(
                    """
                    INSERT INTO curated (domain, generation, task_set, number, mode, source_generation, source_sample)
                    VALUES (@Domain, @Generation, @TaskSet, @Number, @Mode, @Source, @Sample)
                    """,
                    traces.Select(id => new
                    {
                        Domain = domain,
                        Generation = generation,
                        TaskSet = Code.Of(id.Task.Set),
                        id.Task.Number,
                        Mode = Code.Of(id.Mode),
                        Source = id.Generation,
                        id.Sample,
                    }).ToList(),
                    transaction);
            },
            cancellation);

    /// <summary>How many of the traces that each generation is trained on come from which generation.</summary>
    public async Task<IReadOnlyList<MixturePart>> Mixture(string domain) =>
    [
        .. await Query<MixturePart>(
            """
            SELECT generation AS Generation, source_generation AS Source, COUNT(*) AS Traces FROM curated
            WHERE domain = @domain GROUP BY generation, source_generation ORDER BY generation, source_generation
            """,
            new { domain }),
    ];

    /// <summary>Which traces each generation was trained on.</summary>
    public async Task<ILookup<int, TraceId>> Curated(string domain)
    {
        IEnumerable<CuratedRow> rows = await Query<CuratedRow>(
            """
            SELECT generation AS Generation, task_set AS TaskSet, number AS Number, mode AS Mode, source_generation AS Source, source_sample AS Sample
            FROM curated WHERE domain = @domain ORDER BY generation, task_set DESC, number, source_generation, mode DESC, source_sample
            """,
            new { domain });
        return rows.ToLookup(
            row => (int)row.Generation,
            row => row.IdIn(domain));
    }

    /// <summary>Records a generation, and what it read to be made among the costs of its training.</summary>
    public async Task AddGeneration(string domain, GenerationRecord generation, CancellationToken cancellation) =>
        await InTransaction(
            async transaction =>
            {
                await Add(domain, generation, transaction);
                if (generation.TokensTrained > 0)
                    await Add([new Cost(domain, generation.Number, Code.Of(RunPhase.Train), Code.Of(Quantity.TrainedTokens), generation.TokensTrained)], transaction);
            },
            cancellation);

    private Task Add(string domain, GenerationRecord generation, DbTransaction transaction) => _connection.ExecuteAsync(
        """
        INSERT INTO generation (domain, generation, weights, base_weights, examples, steps, tokens_trained, final_loss,
            validation_loss)
        VALUES (@domain, @Number, @Weights, @BaseWeights, @Examples, @Steps, @TokensTrained, @FinalLoss, @ValidationLoss)
        """,
        new
        {
            domain,
            generation.Number,
            generation.Weights,
            generation.BaseWeights,
            generation.Examples,
            generation.Steps,
            generation.TokensTrained,
            generation.FinalLoss,
            generation.ValidationLoss,
        },
        transaction);

    public async Task<IReadOnlyList<GenerationRecord>> Generations(string domain) =>
    [
        .. (await Query<GenerationRow>(
            """
            SELECT generation AS Number, weights AS Weights, base_weights AS BaseWeights, examples AS Examples, steps AS Steps,
                tokens_trained AS TokensTrained, final_loss AS FinalLoss, validation_loss AS ValidationLoss
            FROM generation WHERE domain = @domain ORDER BY generation
            """,
            new { domain })).Select(row => row.ToRecord()),
    ];

    /// <summary>Adds to the time that a phase of a generation has taken, over all attempts.</summary>
    public async Task AddSeconds(PhaseTime time, CancellationToken cancellation) =>
        await InTransaction(
            transaction => _connection.ExecuteAsync(
                """
                INSERT INTO phase (domain, generation, name, seconds) VALUES (@Domain, @Generation, @Phase, @Seconds)
                ON CONFLICT (domain, generation, name) DO UPDATE SET seconds = phase.seconds + excluded.seconds
                """,
                time,
                transaction),
            cancellation);

    public async Task<IReadOnlyList<PhaseTime>> Seconds(string domain) =>
    [
        .. await Query<PhaseTime>(
            "SELECT domain AS Domain, generation AS Generation, name AS Phase, seconds AS Seconds FROM phase WHERE domain = @domain",
            new { domain }),
    ];

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    private async Task<IEnumerable<T>> Query<T>(string sql, object parameters)
    {
        try
        {
            await Reconnect(CancellationToken.None);
            return await _connection.QueryAsync<T>(sql, parameters);
        }
        catch (DbException problem)
        {
            throw _database.Explain(problem);
        }
    }

    private async Task InTransaction(Func<DbTransaction, Task> work, CancellationToken cancellation)
    {
        try
        {
            await Reconnect(cancellation);
            await using DbTransaction transaction = await _connection.BeginTransactionAsync(cancellation);
            await work(transaction);
            await transaction.CommitAsync(cancellation);
        }
        catch (DbException problem)
        {
            throw _database.Explain(problem);
        }
    }

    /// <summary>A server may have ended an idle connection.</summary>
    private async ValueTask Reconnect(CancellationToken cancellation)
    {
        if (_connection.State == ConnectionState.Open)
            return;
        await _connection.CloseAsync();
        await _connection.OpenAsync(cancellation);
    }
}
