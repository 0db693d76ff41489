using System.Collections.Immutable;

namespace Outerloop.Storage;

/// <summary>
/// The store's tables, as a list of migrations: the schema's version is how many of them a store has seen. SQL that both databases know, but for
/// their types (see <see cref="Database"/>).
/// </summary>
internal static class Schema
{
    public static ImmutableArray<string> Migrations { get; } =
    [
        """
        CREATE TABLE task (
            domain TEXT NOT NULL,
            task_set TEXT NOT NULL,
            number INTEGER NOT NULL,
            problem TEXT NOT NULL,
            fingerprint TEXT NOT NULL,
            PRIMARY KEY (domain, task_set, number));

        CREATE TABLE trace (
            domain TEXT NOT NULL,
            generation INTEGER NOT NULL,
            task_set TEXT NOT NULL,
            number INTEGER NOT NULL,
            mode TEXT NOT NULL,
            sample INTEGER NOT NULL,
            weights TEXT NOT NULL,
            outcome TEXT NOT NULL,
            plan_steps INTEGER NOT NULL,
            failing_step INTEGER,
            reason TEXT,
            message TEXT,
            prompt_tokens INTEGER NOT NULL,
            reasoning_tokens INTEGER NOT NULL,
            answer TEXT NOT NULL,
            tokens BLOB NOT NULL,
            log_probs BLOB NOT NULL,
            sampling_log_probs BLOB NOT NULL,
            PRIMARY KEY (domain, generation, task_set, number, mode, sample));

        CREATE TABLE generation (
            domain TEXT NOT NULL,
            generation INTEGER NOT NULL,
            weights TEXT NOT NULL,
            base_weights TEXT NOT NULL,
            examples INTEGER NOT NULL,
            steps INTEGER NOT NULL,
            tokens_trained INTEGER NOT NULL,
            final_loss DOUBLE PRECISION NOT NULL,
            PRIMARY KEY (domain, generation));

        CREATE TABLE curated (
            domain TEXT NOT NULL,
            generation INTEGER NOT NULL,
            number INTEGER NOT NULL,
            source_generation INTEGER NOT NULL,
            source_sample INTEGER NOT NULL,
            PRIMARY KEY (domain, generation, number, source_generation, source_sample));

        CREATE TABLE phase (
            domain TEXT NOT NULL,
            generation INTEGER NOT NULL,
            name TEXT NOT NULL,
            seconds DOUBLE PRECISION NOT NULL,
            PRIMARY KEY (domain, generation, name));
        """,
        "ALTER TABLE generation ADD COLUMN validation_loss DOUBLE PRECISION;",
        // What the loop was told (outcome stays the truth), and how much of the goal an invalid plan reached.
        """
        ALTER TABLE trace ADD COLUMN accepted INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE trace ADD COLUMN goal_share DOUBLE PRECISION NOT NULL DEFAULT 0;
        UPDATE trace SET accepted = 1, goal_share = 1 WHERE outcome = 'valid';
        """,
        // What the run cost, summed by quantity; what it was made from (the prompt's hash); tokens that a server counted.
        """
        CREATE TABLE cost (
            domain TEXT NOT NULL,
            generation INTEGER NOT NULL,
            phase TEXT NOT NULL,
            quantity TEXT NOT NULL,
            amount DOUBLE PRECISION NOT NULL,
            PRIMARY KEY (domain, generation, phase, quantity));

        CREATE TABLE origin (
            name TEXT NOT NULL PRIMARY KEY,
            value TEXT NOT NULL);

        ALTER TABLE trace ADD COLUMN answer_tokens INTEGER NOT NULL DEFAULT 0;
        UPDATE trace SET answer_tokens = length(tokens) / 4;
        """,
        // Answers that workers owe, each until it is in trace; and jobs of a cluster, so that they are found again.
        """
        CREATE TABLE work (
            domain TEXT NOT NULL,
            generation INTEGER NOT NULL,
            task_set TEXT NOT NULL,
            number INTEGER NOT NULL,
            mode TEXT NOT NULL,
            sample INTEGER NOT NULL,
            phase TEXT NOT NULL,
            worker TEXT,
            expires DOUBLE PRECISION NOT NULL DEFAULT 0,
            PRIMARY KEY (domain, generation, task_set, number, mode, sample));

        CREATE TABLE job (
            name TEXT NOT NULL PRIMARY KEY,
            id TEXT NOT NULL);
        """,
        // Answers to users, with the traces that they are where they answer a task; what users say of them; which generation answers.
        // And of what a generation learnt from, in which set the task is and how it was sampled.
        """
        CREATE TABLE completion (
            id TEXT NOT NULL,
            choice INTEGER NOT NULL,
            time DOUBLE PRECISION NOT NULL,
            model TEXT NOT NULL,
            weights TEXT NOT NULL,
            temperature DOUBLE PRECISION NOT NULL,
            finish TEXT NOT NULL,
            prompt BLOB NOT NULL,
            question TEXT,
            answer TEXT,
            tokens BLOB,
            log_probs BLOB,
            sampling_log_probs BLOB,
            domain TEXT,
            generation INTEGER,
            task_set TEXT,
            number INTEGER,
            mode TEXT,
            sample INTEGER,
            PRIMARY KEY (id, choice));

        CREATE INDEX completion_trace ON completion (domain, generation, task_set, number, mode, sample);
        CREATE INDEX task_fingerprint ON task (domain, fingerprint);

        CREATE TABLE feedback (
            id TEXT NOT NULL PRIMARY KEY,
            completion TEXT NOT NULL,
            choice INTEGER NOT NULL,
            time DOUBLE PRECISION NOT NULL,
            key_name TEXT,
            accepted INTEGER NOT NULL,
            correction TEXT,
            correction_outcome TEXT,
            remark TEXT);

        CREATE INDEX feedback_completion ON feedback (completion, choice);

        CREATE TABLE deployment (
            domain TEXT NOT NULL,
            number INTEGER NOT NULL,
            generation INTEGER NOT NULL,
            share DOUBLE PRECISION NOT NULL,
            time DOUBLE PRECISION NOT NULL,
            reason TEXT NOT NULL,
            PRIMARY KEY (domain, number));

        CREATE TABLE learnt (
            domain TEXT NOT NULL,
            generation INTEGER NOT NULL,
            task_set TEXT NOT NULL,
            number INTEGER NOT NULL,
            mode TEXT NOT NULL,
            source_generation INTEGER NOT NULL,
            source_sample INTEGER NOT NULL,
            PRIMARY KEY (domain, generation, task_set, number, mode, source_generation, source_sample));
        INSERT INTO learnt SELECT domain, generation, 'pool', number, 'sampled', source_generation, source_sample FROM curated;
        DROP TABLE curated;
        ALTER TABLE learnt RENAME TO curated;
        """,
        // What traces are looked through by, in the order of their key, and the few that say something of the machinery.
        """
        CREATE INDEX trace_browse ON trace (domain, generation, task_set, number, mode, sample, outcome, plan_steps, reason);
        CREATE INDEX trace_failure ON trace (domain, generation) WHERE outcome IN ('modelFailed', 'verifierFailed');
        """,
        // By the name of which key an answer was asked for.
        "ALTER TABLE completion ADD COLUMN key_name TEXT;",
        // The same of one outcome, so that rare ones need not be looked for among all.
        """
        CREATE INDEX trace_outcome ON trace (outcome, domain, generation, task_set, number, mode, sample, plan_steps, reason);
        """,
    ];

    public static int Version => Migrations.Length;
}
