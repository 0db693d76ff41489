using System.Data.Common;
using Outerloop.Tasks;
using Outerloop.Traces;

namespace Outerloop.Storage;

/// <summary>Reads traces of one set of tasks without their tokens, many of them: column by column, what neighbours have in common once.</summary>
internal sealed class OutlineReader(string domain, TaskSet set)
{
    /// <summary>In the order in which they are read.</summary>
    public const string Columns =
        """
        generation, number, mode, sample, outcome, accepted, goal_share, plan_steps, failing_step, prompt_tokens, answer_tokens,
        reasoning_tokens, weights, reason, message, answer
        """;

    /// <summary>Texts that are remembered before they are forgotten: those of some tasks, for their answers are alike.</summary>
    private const int MostTexts = 1000;

    private readonly Dictionary<string, string> _texts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SampleMode> _modes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Outcome> _outcomes = new(StringComparer.Ordinal);

    public async Task<IReadOnlyList<Trace>> Read(DbDataReader reader)
    {
        var traces = new List<Trace>();
        while (await reader.ReadAsync())
            traces.Add(Trace(reader));
        return traces;
    }

    private Trace Trace(DbDataReader row) => new()
    {
        Id = new TraceId((int)row.GetInt64(0), new TaskId(domain, set, (int)row.GetInt64(1)), Known(_modes, row.GetString(2), Code.Mode), (int)row.GetInt64(3)),
        Outcome = Known(_outcomes, row.GetString(4), Code.Outcome),
        Accepted = row.GetInt64(5) != 0,
        GoalShare = row.GetDouble(6),
        PlanSteps = (int)row.GetInt64(7),
        FailingStep = row.IsDBNull(8) ? null : (int)row.GetInt64(8),
        PromptTokens = (int)row.GetInt64(9),
        AnswerTokens = (int)row.GetInt64(10),
        ReasoningTokens = (int)row.GetInt64(11),
        BehaviourWeights = Shared(row.GetString(12)),
        Reason = row.IsDBNull(13) ? null : Shared(row.GetString(13)),
        Message = row.IsDBNull(14) ? null : Shared(row.GetString(14)),
        Text = Shared(row.GetString(15)),
        Tokens = [],
        LogProbs = [],
        SamplingLogProbs = [],
    };

    private static T Known<T>(Dictionary<string, T> known, string code, Func<string, T> read)
    {
        if (!known.TryGetValue(code, out T? value))
            known[code] = value = read(code);
        return value;
    }

    private string Shared(string text)
    {
        if (_texts.TryGetValue(text, out string? known))
            return known;
        if (_texts.Count == MostTexts)
            _texts.Clear();
        return _texts[text] = text;
    }
}
