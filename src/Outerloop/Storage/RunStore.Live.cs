using System.Data.Common;
using Dapper;
using Outerloop.Live;
using Outerloop.Planning.Pddl;
using Outerloop.Tasks;
using Outerloop.Traces;
using Outerloop.Verification;

namespace Outerloop.Storage;

/// <content>Answers to users and what users say of them.</content>
public sealed partial class RunStore
{
    private const string InsertCompletion =
        """
        INSERT INTO completion (id, choice, time, model, weights, temperature, finish, prompt, question, key_name, answer, tokens, log_probs, sampling_log_probs,
            domain, generation, task_set, number, mode, sample)
        VALUES (@Id, @Choice, @Time, @Model, @Weights, @Temperature, @Finish, @Prompt, @Question, @KeyName, @Answer, @Tokens, @LogProbs, @SamplingLogProbs,
            @Domain, @Generation, @TaskSet, @Number, @Mode, @Sample)
        """;

    private const string FindTasks =
        // Thousands of small tasks are alike but for names. Live ones are stored as they are printed, so that the database can compare them.
        """
        SELECT task_set AS TaskSet, number AS Number, problem AS Problem FROM task WHERE domain = @Domain AND fingerprint = @Fingerprint
            AND (task_set <> 'live' OR substr(problem, length(problem) - length(@Nameless) + 1) = @Nameless)
        """;

    private const string FindSample =
        """
        SELECT COALESCE(MAX(sample), -1) + 1 FROM trace
        WHERE domain = @Domain AND generation = @Generation AND task_set = @TaskSet AND number = @Number AND mode = 'live'
        """;

    /// <summary>Characters of tasks that are remembered.</summary>
    private const int MostRemembered = 4_000_000;

    /// <summary>Where tasks that were posed lately are in the store, which forgets and renumbers none.</summary>
    private readonly Dictionary<(string Domain, string Nameless), TaskId> _remembered = [];

    private int _rememberedCharacters;

    /// <summary>Another connection to the same store.</summary>
    internal async Task<RunStore> Again(CancellationToken cancellation) => new(_database, await _database.Open(cancellation));

    /// <summary>Keeps answers to users in one transaction, those to tasks as traces with the next free sample.</summary>
    /// <param name="answers">Each with what is true of it, where it answers a task.</param>
    /// <param name="told">What the loop is told of a trace of which something is true.</param>
    internal async Task AddAnswers(IReadOnlyList<(LiveAnswer Answer, Judgement? Truth)> answers, Func<TraceId, Judgement, Judgement> told)
    {
        var found = new Dictionary<(string Domain, string Nameless), TaskId>();
        await InTransaction(
            async transaction =>
            {
                await _connection.ExecuteAsync(_database.RecordingLock, transaction: transaction);
                var next = new Dictionary<(TaskId, int), int>();
                var traces = new List<TraceRow>();
                var rows = new List<CompletionRow>();
                foreach ((LiveAnswer answer, Judgement? truth) in answers)
                {
                    TraceId? id = truth is null ? null : await NextSample(await Find(answer.Task!, found, transaction), answer.Task!.Generation, next, transaction);
                    rows.Add(CompletionRow.Of(answer, id));
                    if (id is { } known)
                        traces.Add(TraceRow.Of(told(known, truth!).On(known, answer.Weights, answer)));
                }

                await RowStatement.Execute(InsertTraceRow, traces, transaction);
                await RowStatement.Execute(InsertCompletion, rows, transaction);
            },
            CancellationToken.None);
        Remember(found);
    }

    /// <summary>The trace that an answer is; the default id if it answers no task, null if there is no such answer.</summary>
    internal async Task<TraceId?> TraceOf(AnswerId answer)
    {
        AnsweredRow[] rows = [.. await Query<AnsweredRow>(
            """
            SELECT COALESCE(domain, '') AS Domain, COALESCE(generation, 0) AS Generation, COALESCE(task_set, 'live') AS TaskSet,
                COALESCE(number, 0) AS Number, COALESCE(mode, 'live') AS Mode, COALESCE(sample, 0) AS Sample
            FROM completion WHERE id = @Completion AND choice = @Choice
            """,
            new { answer.Completion, answer.Choice })];
        return rows.Length == 0 ? null : rows[0].Domain.Length == 0 ? default(TraceId) : rows[0].Id;
    }

    internal async Task AddFeedback(Feedback feedback, DateTimeOffset time, Outcome? correction, CancellationToken cancellation) =>
        await InTransaction(
            transaction => _connection.ExecuteAsync(
                """
                INSERT INTO feedback (id, completion, choice, time, key_name, accepted, correction, correction_outcome, remark)
                VALUES (@id, @completion, @choice, @seconds, @key, @accepted, @text, @outcome, @remark)
                """,
                new
                {
                    id = $"{Guid.CreateVersion7(time):n}",
                    completion = feedback.Answer.Completion,
                    choice = feedback.Answer.Choice,
                    seconds = time.ToUnixTimeMilliseconds() / 1000.0,
                    key = feedback.Key,
                    accepted = feedback.Accepted ? 1 : 0,
                    text = TraceRow.Storable(feedback.Correction),
                    outcome = correction is { } known ? Code.Of(known) : null,
                    remark = TraceRow.Storable(feedback.Comment),
                },
                transaction),
            cancellation);

    /// <summary>The traces of a domain that are answers to users, by task, generation and sample.</summary>
    public async Task<IReadOnlyList<Trace>> LiveTraces(string domain)
    {
        IEnumerable<TraceRow> rows = await Query<TraceRow>(
            $"SELECT {TraceRow.Columns} FROM trace WHERE domain = @domain AND mode = 'live'", new { domain });
        return [.. rows.Select(row => row.ToTrace()).OrderBy(trace => trace.Id.Task).ThenBy(trace => trace.Id.Generation).ThenBy(trace => trace.Id.Sample)];
    }

    /// <summary>What users said last of the traces of a domain: whether they accept it.</summary>
    public async Task<IReadOnlyDictionary<TraceId, bool>> Verdicts(string domain)
    {
        IEnumerable<VerdictRow> rows = await Query<VerdictRow>(
            """
            SELECT completion.domain AS Domain, completion.generation AS Generation, completion.task_set AS TaskSet, completion.number AS Number,
                completion.mode AS Mode, completion.sample AS Sample, feedback.accepted AS Accepted
            FROM feedback JOIN completion ON completion.id = feedback.completion AND completion.choice = feedback.choice
            WHERE completion.domain = @domain ORDER BY feedback.time, feedback.id
            """,
            new { domain });
        var verdicts = new Dictionary<TraceId, bool>();
        foreach (VerdictRow row in rows)
            verdicts[row.Id] = row.Accepted != 0;
        return verdicts;
    }

    /// <summary>How many answers to users are recorded.</summary>
    public async Task<long> Answers() => (await Query<long>("SELECT COUNT(*) FROM completion", new { })).Single();

    /// <summary>The task of the store that is word for word the same, whichever set it is in; else a new one.</summary>
    /// <param name="task">What is looked for.</param>
    /// <param name="found">What this transaction has found or added.</param>
    /// <param name="transaction">In which it is done.</param>
    private async Task<TaskId> Find(LiveTask task, Dictionary<(string Domain, string Nameless), TaskId> found, DbTransaction transaction)
    {
        (string, string) key = (task.Domain, task.Problem.Nameless);
        if (_remembered.TryGetValue(key, out TaskId known) || found.TryGetValue(key, out known))
            return known;
        return found[key] = await FindStored(task, transaction) ?? await AddLive(task, transaction);
    }

    private static async Task<TaskId?> FindStored(LiveTask task, DbTransaction transaction)
    {
        PosedProblem problem = task.Problem;
        foreach (TaskRow row in await RowStatement.Select<PosedRow, TaskRow>(FindTasks, new PosedRow(task.Domain, problem.Fingerprint, problem.Nameless), transaction))
        {
            var id = new TaskId(task.Domain, Code.Set(row.TaskSet), (int)row.Number);
            if (id.Set == TaskSet.Live || row.Problem == problem.Text || IsSame(PlanningTask.Read(id, row.Problem, problem.Problem.Domain).Problem, problem.Problem))
                return id;
        }

        return null;
    }

    private static async Task<TaskId> AddLive(LiveTask task, DbTransaction transaction)
    {
        IReadOnlyList<long> number = await RowStatement.Select<PosedRow, long>(
            "SELECT COALESCE(MAX(number), -1) + 1 FROM task WHERE domain = @Domain AND task_set = 'live'", new PosedRow(task.Domain, "", ""), transaction);
        var id = new TaskId(task.Domain, TaskSet.Live, (int)number[0]);
        await RowStatement.Execute(InsertTask, [NewTaskRow.Of(id, task.Problem.Text, task.Problem.Fingerprint)], transaction);
        return id;
    }

    /// <summary>Of a transaction that is committed.</summary>
    private void Remember(Dictionary<(string Domain, string Nameless), TaskId> found)
    {
        foreach (((string Domain, string Nameless) key, TaskId id) in found)
        {
            _rememberedCharacters += key.Nameless.Length;
            if (_rememberedCharacters > MostRemembered)
            {
                _remembered.Clear();
                _rememberedCharacters = key.Nameless.Length;
            }

            _remembered[key] = id;
        }
    }

    /// <summary>Whatever the problems are called.</summary>
    private static bool IsSame(Problem one, Problem other) => PddlPrinter.Print(one with { Name = "" }) == PddlPrinter.Print(other with { Name = "" });

    /// <param name="task">Whose.</param>
    /// <param name="generation">Which gave it.</param>
    /// <param name="next">Samples that this transaction has given to others.</param>
    /// <param name="transaction">In which it is done.</param>
    private static async Task<TraceId> NextSample(TaskId task, int generation, Dictionary<(TaskId, int), int> next, DbTransaction transaction)
    {
        var first = new TraceId(generation, task, SampleMode.Live, 0);
        if (!next.TryGetValue((task, generation), out int sample))
            sample = (int)(await RowStatement.Select<TraceKeyRow, long>(FindSample, new TraceKeyRow(first), transaction))[0];
        next[(task, generation)] = sample + 1;
        return first with { Sample = sample };
    }

    private sealed record PosedRow(string Domain, string Fingerprint, string Nameless);

    private sealed record AnsweredRow : TraceKeyRow;

    private sealed record VerdictRow : TraceKeyRow
    {
        public long Accepted { get; init; }
    }
}
