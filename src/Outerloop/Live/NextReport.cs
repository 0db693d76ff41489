using Outerloop.Evaluation;
using Outerloop.Traces;

namespace Outerloop.Live;

/// <summary>A generation that was made from a run's traces, and how it compares.</summary>
/// <param name="Generation">The new one.</param>
/// <param name="Current">The one that answers users now.</param>
/// <param name="Curator">Who chose what it learnt from.</param>
/// <param name="Examples">Traces that it learnt from.</param>
/// <param name="LiveExamples">Those of them that were answers to users.</param>
public sealed record NextReport(string Domain, int Generation, int Current, string Curator, int Examples, int LiveExamples)
{
    /// <summary>From the current one to the new one, three samples of each held-out task; null where there is none.</summary>
    public ScoreDifference? HeldOut { get; init; }

    /// <summary>The same of the most probable answers.</summary>
    public ScoreDifference? Greedy { get; init; }

    /// <summary>Answers of which users said another thing than the verifier.</summary>
    public IReadOnlyList<Disagreement> Disagreements { get; init; } = [];
}

/// <summary>An answer of which a user said another thing than the verifier.</summary>
/// <param name="Trace">Its id.</param>
/// <param name="User">Whether the user accepts it.</param>
/// <param name="Verifier">What the verifier found.</param>
public sealed record Disagreement(string Trace, bool User, Outcome Verifier, string? Message)
{
    /// <summary>By task, generation and sample.</summary>
    public static IEnumerable<Disagreement> Of(IEnumerable<Trace> traces, IReadOnlyDictionary<TraceId, bool> verdicts) =>
        from trace in traces
        where verdicts.TryGetValue(trace.Id, out bool accepted) && accepted != trace.Accepted && trace.Outcome.IsTheModelsDoing()
        select new Disagreement($"{trace.Id}", !trace.Accepted, trace.Outcome, trace.Message);
}
