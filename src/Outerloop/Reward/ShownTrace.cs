using Outerloop.Tasks;
using Outerloop.Traces;

namespace Outerloop.Reward;

/// <summary>What a curator may go by in a trace, without its text: of a large run there are many at a time.</summary>
/// <param name="Actions">How often the text names each of the domain's actions, in their order.</param>
internal sealed record ShownTrace(TraceId Id, Outcome Outcome, int PlanSteps, int AnswerTokens, double GoalShare, IReadOnlyList<int> Actions)
{
    public TaskId Task => Id.Task;

    /// <summary>The share of the plan's steps that are of an action.</summary>
    /// <param name="action">Its place among the domain's.</param>
    public double ShareOf(int action) => (double)Actions[action] / Math.Max(1, PlanSteps);
}
