using Outerloop.Evaluation;
using Outerloop.Tasks;
using Outerloop.Traces;

namespace Outerloop.Storage;

/// <content>Looking through traces, however many there are.</content>
public sealed partial class RunStore
{
    /// <summary>Answers that one page looks into for a text, so that it comes soon also where none has it.</summary>
    private const int MostLookedInto = 4_000;

    private static readonly string[] Key = ["domain", "generation", "task_set", "number", "mode", "sample"];

    /// <summary>A page of traces. Of a text that is rare a page may hold less than <paramref name="most"/>, also nothing, and not be the last.</summary>
    /// <param name="filter">Which.</param>
    /// <param name="after">Where the page before ended; null for the first.</param>
    /// <param name="most">At least 1.</param>
    public async Task<TracePage> Browse(TraceFilter filter, TraceId? after, int most)
    {
        int looked = filter.Text is null ? most + 1 : Math.Max(most + 1, MostLookedInto);
        List<Trace> seen = [.. (await Query<TraceRow>(
            $"""
            SELECT {Qualified(TraceRow.TextColumns)}
            FROM (SELECT {string.Join(", ", Key)} FROM trace WHERE {Condition(filter, after)} ORDER BY {string.Join(", ", Key)} LIMIT @looked) AS wanted
            JOIN trace ON {string.Join(" AND ", Key.Select(column => $"trace.{column} = wanted.{column}"))}
            ORDER BY {string.Join(", ", Key.Select(column => $"wanted.{column}"))}
            """,
            Parameters(filter, after, looked))).Select(row => row.ToTrace())];
        List<Trace> found = [.. seen.Where(trace => Has(trace, filter.Text)).Take(most + 1)];
        TraceId? next = found.Count > most ? found[most - 1].Id : filter.Text is not null && seen.Count == looked ? seen[^1].Id : null;
        return new TracePage([.. found.Take(most)], next);
    }

    /// <summary>One trace with all that is kept of it; null if there is none of this id.</summary>
    public async Task<Trace?> Find(TraceId id) => (await Query<TraceRow>(
        $"""
        SELECT {TraceRow.Columns} FROM trace
        WHERE domain = @Domain AND generation = @Generation AND task_set = @TaskSet AND number = @Number AND mode = @Mode AND sample = @Sample
        """,
        WorkRow.Of(id, ""))).SingleOrDefault()?.ToTrace();

    /// <summary>The problem of one task in PDDL; null if there is none.</summary>
    public async Task<string?> Problem(TaskId id) => (await Query<string>(
        "SELECT problem FROM task WHERE domain = @Domain AND task_set = @set AND number = @Number", new { id.Domain, set = Code.Of(id.Set), id.Number })).SingleOrDefault();

    /// <summary>How many tasks a domain has of each set.</summary>
    public async Task<IReadOnlyDictionary<TaskSet, int>> TaskCounts(string domain) =>
        (await Query<(string Set, long Tasks)>("SELECT task_set, COUNT(*) FROM task WHERE domain = @domain GROUP BY task_set", new { domain }))
            .ToDictionary(row => Code.Set(row.Set), row => (int)row.Tasks);

    /// <summary>A part of the traces that a generation was trained on, by task, mode, writer and sample.</summary>
    /// <param name="domain">Of the generation.</param>
    /// <param name="generation">The one that was trained.</param>
    /// <param name="source">Those that one generation wrote; null for all.</param>
    /// <param name="after">Where the part before ended; null for the first.</param>
    /// <param name="most">How many at most.</param>
    public async Task<IReadOnlyList<TraceId>> Manifest(string domain, int generation, int? source, TraceId? after, int most) =>
    [
        .. (await Query<CuratedRow>(
            $"""
            SELECT task_set AS TaskSet, number AS Number, mode AS Mode, source_generation AS Source, source_sample AS Sample FROM curated
            WHERE domain = @domain AND generation = @generation {(source is null ? "" : "AND source_generation = @source")}
                {(after is null ? "" : "AND (task_set, number, mode, source_generation, source_sample) > (@set, @number, @mode, @from, @sample)")}
            ORDER BY task_set, number, mode, source_generation, source_sample LIMIT @most
            """,
            new
            {
                domain,
                generation,
                source,
                set = after is { } id ? Code.Of(id.Task.Set) : null,
                number = after?.Task.Number,
                mode = after is { } same ? Code.Of(same.Mode) : null,
                from = after?.Generation,
                sample = after?.Sample,
                most,
            }))
            .Select(row => row.IdIn(domain)),
    ];

    /// <summary>The generations that were trained on a trace.</summary>
    public async Task<IReadOnlyList<int>> LearntBy(TraceId id) =>
    [
        .. (await Query<long>(
            """
            SELECT generation FROM curated
            WHERE domain = @Domain AND generation IN (SELECT generation FROM generation WHERE domain = @Domain)
                AND task_set = @TaskSet AND number = @Number AND mode = @Mode AND source_generation = @Generation AND source_sample = @Sample
            ORDER BY generation
            """,
            WorkRow.Of(id, ""))).Select(generation => (int)generation),
    ];

    /// <summary>Samples and valid ones of each task of a set by one generation, failures of the machinery left out; the run's own traces.</summary>
    public async Task<ILookup<SampleMode, (TaskId Task, TaskScore Score)>> Scores(string domain, TaskSet set, int generation) =>
        (await Query<(string Mode, long Number, long Samples, long Valid)>(
            """
            SELECT mode, number, COUNT(*), CAST(SUM(CASE WHEN outcome = 'valid' THEN 1 ELSE 0 END) AS BIGINT) FROM trace
            WHERE domain = @domain AND generation = @generation AND task_set = @set AND mode NOT IN ('extra', 'live') AND outcome NOT IN ('modelFailed', 'verifierFailed')
            GROUP BY mode, number
            """,
            new { domain, generation, set = Code.Of(set) })).ToLookup(
                row => Code.Mode(row.Mode), row => (new TaskId(domain, set, (int)row.Number), new TaskScore((int)row.Samples, (int)row.Valid)));

    /// <summary>How the traces of a domain ended, those beyond the run's own included.</summary>
    /// <param name="domain">Which.</param>
    /// <param name="generation">Null for all.</param>
    public async Task<IReadOnlyList<OutcomeCount>> OutcomeCounts(string domain, int? generation = null) =>
    [
        .. await Query<OutcomeCount>(
            $"""
            SELECT generation AS Generation, task_set AS TaskSet, mode AS Mode, outcome AS Outcome, reason AS Reason, COUNT(*) AS Traces FROM trace
            WHERE domain = @domain {(generation is null ? "" : "AND generation = @generation")}
            GROUP BY generation, task_set, mode, outcome, reason
            """,
            new { domain, generation }),
    ];

    /// <summary>How many of the run's own traces one generation has of each set of tasks, and how many of these are valid; failures of the machinery left out.</summary>
    public async Task<IReadOnlyDictionary<TaskSet, (long Traces, long Valid)>> Counts(string domain, int generation) =>
        (await Query<(string Set, long Traces, long Valid)>(
            """
            SELECT task_set, COUNT(*), CAST(SUM(CASE WHEN outcome = 'valid' THEN 1 ELSE 0 END) AS BIGINT) FROM trace
            WHERE domain = @domain AND generation = @generation AND mode NOT IN ('extra', 'live') AND outcome NOT IN ('modelFailed', 'verifierFailed')
            GROUP BY task_set
            """,
            new { domain, generation })).ToDictionary(row => Code.Set(row.Set), row => (row.Traces, row.Valid));

    /// <summary>The failures of the machinery that no later attempt mended, the most frequent first.</summary>
    public async Task<IReadOnlyList<MachineryFailure>> MachineryFailures(string domain, int most) =>
    [
        .. await Query<MachineryFailure>(
            """
            SELECT generation AS Generation, outcome AS Outcome, message AS Message, COUNT(*) AS Traces FROM trace
            WHERE domain = @domain AND outcome IN ('modelFailed', 'verifierFailed')
            GROUP BY generation, outcome, message ORDER BY 4 DESC, 1, 2 LIMIT @most
            """,
            new { domain, most }),
    ];

    /// <summary>What workers owe now: answers, those under a lease, and those whose lease has run out.</summary>
    public async Task<(long Owed, long Leased, long Expired)> OwedNow() => (await Query<(long Owed, long Leased, long Expired)>(
        $"""
        SELECT COUNT(*), COUNT(CASE WHEN worker IS NOT NULL AND expires >= {_database.Now} THEN 1 END), COUNT(CASE WHEN worker IS NOT NULL AND expires < {_database.Now} THEN 1 END) FROM work
        """,
        new { })).Single();

    private static bool Has(Trace trace, string? text) => text is null
        || trace.Text.Contains(text, StringComparison.OrdinalIgnoreCase)
        || (trace.Message?.Contains(text, StringComparison.OrdinalIgnoreCase) ?? false);

    /// <summary>The index has all that is asked here, in the order of the key.</summary>
    private static string Condition(TraceFilter filter, TraceId? after)
    {
        (string Column, object? Value, string Test)[] tests =
        [
            ("domain", filter.Domain, "domain = @Domain"), ("generation", filter.Generation, "generation = @Generation"), ("task_set", filter.Set, "task_set = @Set"),
            ("number", filter.Number, "number = @Number"), ("mode", filter.Mode, "mode = @Mode"), ("outcome", filter.Outcome, "outcome = @Outcome"),
            ("reason", filter.Reason, "reason = @Reason"), ("plan_steps", filter.LeastSteps, "plan_steps >= @LeastSteps"), ("plan_steps", filter.MostSteps, "plan_steps <= @MostSteps"),
        ];
        List<string> conditions = [.. tests.Where(test => test.Value is not null).Select(test => test.Test)];
        if (after is not null)
        {
            // What the filter fixes at the beginning of the key is left out, so that the database begins where the page does.
            string[] rest = [.. Key.SkipWhile(column => tests.Any(test => test.Column == column && test.Value is not null))];
            conditions.Add(rest.Length == 0 ? "1 = 0" : $"({string.Join(", ", rest)}) > ({string.Join(", ", rest.Select(column => $"@after_{column}"))})");
        }

        return conditions.Count == 0 ? "1 = 1" : string.Join(" AND ", conditions);
    }

    private static Dictionary<string, object?> Parameters(TraceFilter filter, TraceId? after, int looked) => new()
    {
        ["Domain"] = filter.Domain,
        ["Generation"] = filter.Generation,
        ["Set"] = filter.Set is { } set ? Code.Of(set) : null,
        ["Number"] = filter.Number,
        ["Mode"] = filter.Mode is { } mode ? Code.Of(mode) : null,
        ["Outcome"] = filter.Outcome is { } outcome ? Code.Of(outcome) : null,
        ["Reason"] = filter.Reason,
        ["LeastSteps"] = filter.LeastSteps,
        ["MostSteps"] = filter.MostSteps,
        ["looked"] = looked,
        ["after_domain"] = after?.Task.Domain,
        ["after_generation"] = after?.Generation,
        ["after_task_set"] = after is { } of ? Code.Of(of.Task.Set) : null,
        ["after_number"] = after?.Task.Number,
        ["after_mode"] = after is { } by ? Code.Of(by.Mode) : null,
        ["after_sample"] = after?.Sample,
    };

    private static string Qualified(string columns) =>
        string.Join(", ", columns.Split(',', StringSplitOptions.TrimEntries).Select(column => $"trace.{column}"));
}
