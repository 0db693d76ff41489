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

    /// <summary>Another connection to the same store.</summary>
    internal async Task<RunStore> Again(CancellationToken cancellation) => new(_database, await _database.Open(cancellation));

    /// <summary>Keeps answers to users in one transaction, those to tasks as traces with the next free sample.</summary>
    /// <param name="answers">Each with what is true of it, where it answers a task.</param>
    /// <param name="told">What the loop is told of a trace of which something is true.</param>
    internal async Task AddAnswers(IReadOnlyList<(LiveAnswer Answer, Judgement? Truth)> answers, Func<TraceId, Judgement, Judgement> told) =>
        await InTransaction(
            async transaction =>
            {
                await _connection.ExecuteAsync(_database.RecordingLock, transaction: transaction);
                var next = new Dictionary<(TaskId, int), int>();
                var traces = new List<Trace>();
                var rows = new List<CompletionRow>();
                foreach ((LiveAnswer answer, Judgement? truth) in answers)
                {
                    TraceId? id = truth is null ? null : await NextSample(answer.Task!, next, transaction);
                    rows.Add(CompletionRow.Of(answer, id));
                    if (id is { } known)
                        traces.Add(told(known, truth!).On(known, answer.Weights, answer));
                }

                await Add(traces, transaction);
                await RowStatement.Execute(InsertCompletion, rows, transaction);
            },
            CancellationToken.None);

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
    private async Task<TaskId> Find(LiveTask task, DbTransaction transaction)
    {
        string fingerprint = ProblemFingerprint.Of(task.Problem), text = PddlPrinter.Print(task.Problem), nameless = text[text.IndexOf(')', StringComparison.Ordinal)..];
        // Thousands of small tasks are alike but for names. Live ones are stored as they are printed, so that the database can compare them.
        IEnumerable<TaskRow> alike = await _connection.QueryAsync<TaskRow>(
            """
            SELECT task_set AS TaskSet, number AS Number, problem AS Problem FROM task WHERE domain = @Domain AND fingerprint = @fingerprint
                AND (task_set <> 'live' OR substr(problem, length(problem) - length(@nameless) + 1) = @nameless)
            """,
            new { task.Domain, fingerprint, nameless },
            transaction);
        foreach (TaskRow row in alike)
        {
            var id = new TaskId(task.Domain, Code.Set(row.TaskSet), (int)row.Number);
            if (id.Set == TaskSet.Live || row.Problem == text || IsSame(PlanningTask.Read(id, row.Problem, task.Problem.Domain).Problem, task.Problem))
                return id;
        }

        long number = await _connection.ExecuteScalarAsync<long>(
            "SELECT COALESCE(MAX(number), -1) + 1 FROM task WHERE domain = @Domain AND task_set = 'live'", new { task.Domain }, transaction);
        await _connection.ExecuteAsync(
            "INSERT INTO task (domain, task_set, number, problem, fingerprint) VALUES (@Domain, 'live', @number, @text, @fingerprint)",
            new { task.Domain, number, text, fingerprint },
            transaction);
        return new TaskId(task.Domain, TaskSet.Live, (int)number);
    }

    /// <summary>Whatever the problems are called.</summary>
    private static bool IsSame(Problem one, Problem other) => PddlPrinter.Print(one with { Name = "" }) == PddlPrinter.Print(other with { Name = "" });

    private async Task<TraceId> NextSample(LiveTask task, Dictionary<(TaskId, int), int> next, DbTransaction transaction)
    {
        TaskId id = await Find(task, transaction);
        if (!next.TryGetValue((id, task.Generation), out int sample))
        {
            sample = (int)await _connection.ExecuteScalarAsync<long>(
                """
                SELECT COALESCE(MAX(sample), -1) + 1 FROM trace
                WHERE domain = @Domain AND generation = @generation AND task_set = @set AND number = @Number AND mode = 'live'
                """,
                new { id.Domain, generation = task.Generation, set = Code.Of(id.Set), id.Number },
                transaction);
        }

        next[(id, task.Generation)] = sample + 1;
        return new TraceId(task.Generation, id, SampleMode.Live, sample);
    }

    private sealed record AnsweredRow : TraceKeyRow;

    private sealed record VerdictRow : TraceKeyRow
    {
        public long Accepted { get; init; }
    }
}
