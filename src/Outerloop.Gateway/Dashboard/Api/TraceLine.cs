using Outerloop.Traces;

namespace Outerloop.Gateway.Dashboard.Api;

/// <summary>A trace in a list.</summary>
/// <param name="Id">As its address ends.</param>
/// <param name="Accepted">Whether the loop was told that it is valid.</param>
/// <param name="Text">Its beginning.</param>
internal sealed record TraceLine(
    string Id, string Domain, int Generation, string Set, int Number, string Mode, int Sample, string Outcome, bool Accepted, int PlanSteps, int? FailingStep, string? Reason,
    int AnswerTokens, string Text)
{
    private const int Beginning = 160;

    public static TraceLine Of(Trace trace) => new(
        $"{trace.Id}", trace.Id.Task.Domain, trace.Id.Generation, DashboardJson.Code(trace.Id.Task.Set), trace.Id.Task.Number, DashboardJson.Code(trace.Id.Mode), trace.Id.Sample,
        DashboardJson.Code(trace.Outcome), trace.Accepted, trace.PlanSteps, trace.FailingStep, trace.Reason, trace.AnswerTokens,
        trace.Text.Length <= Beginning ? trace.Text : trace.Text[..Beginning] + "…");
}

/// <summary>Some traces and where the next ones are.</summary>
/// <param name="Next">The parameter <c>after</c> of the next page; null where this is the last.</param>
internal sealed record TraceListView(IReadOnlyList<TraceLine> Traces, string? Next);
