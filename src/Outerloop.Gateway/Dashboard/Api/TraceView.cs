using System.Text.Json.Serialization;
using Outerloop.Planning.Domains;
using Outerloop.Policies;
using Outerloop.Prompting;
using Outerloop.Storage;
using Outerloop.Tasks;
using Outerloop.Traces;

namespace Outerloop.Gateway.Dashboard.Api;

/// <summary>All that is known of one trace.</summary>
/// <param name="Problem">The task in PDDL; null where the store has it no more.</param>
/// <param name="Prompt">The task as models of such a run are asked; small models are told facts and goals in an order of their own each time.</param>
/// <param name="Weights">SHA-256 of the weights that wrote it.</param>
/// <param name="Answer">All of it.</param>
/// <param name="LearntBy">The generations that were trained on it.</param>
internal sealed record TraceView(
    TraceLine Summary, string? Problem, string? Prompt, string Weights, double GoalShare, string? Message, int PromptTokens, int ReasoningTokens, string Answer,
    IReadOnlyList<int> LearntBy)
{
    public IReadOnlyList<int> Tokens { get; init; } = [];

    /// <summary>Before temperature.</summary>
    public IReadOnlyList<float> LogProbs { get; init; } = [];

    /// <summary>After temperature.</summary>
    public IReadOnlyList<float> SamplingLogProbs { get; init; } = [];

    [JsonIgnore]
    public Trace Trace { get; private init; } = null!;

    /// <returns>Null if there is no such trace.</returns>
    public static async Task<TraceView?> Of(ShownRun run, TraceId id, CancellationToken cancellation)
    {
        await using RunStore store = await run.OpenToRead(cancellation);
        if (await store.Find(id) is not { } trace)
            return null;
        string? problem = await store.Problem(id.Task);
        return new TraceView(
            TraceLine.Of(trace), problem, PromptOf(run, id.Task, problem), trace.BehaviourWeights, trace.GoalShare, trace.Message, trace.PromptTokens, trace.ReasoningTokens, trace.Text,
            await store.LearntBy(id))
        {
            Tokens = trace.Tokens,
            LogProbs = trace.LogProbs,
            SamplingLogProbs = trace.SamplingLogProbs,
            Trace = trace,
        };
    }

    private static string? PromptOf(ShownRun run, TaskId task, string? problem)
    {
        if (problem is null || DomainCatalog.Find(task.Domain) is not { } domain)
            return null;
        try
        {
            IPromptFormat format = PolicyCatalog.FormatOf(run.Path, domain);
            return format.Prompt(PlanningTask.Read(task, problem, domain.Domain).Problem);
        }
        catch (InputException)
        {
            return null; // the base is gone, or the prompt's template; the trace is still there
        }
    }
}
