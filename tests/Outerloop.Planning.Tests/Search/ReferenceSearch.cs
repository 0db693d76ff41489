using Outerloop.Planning.Pddl;
using Outerloop.Planning.Tests.Reference;
using Outerloop.Planning.Validation;

namespace Outerloop.Planning.Tests.Search;

/// <summary>Breadth-first search by the reference interpreter: every action with all objects in every state.</summary>
internal static class ReferenceSearch
{
    /// <summary>The length of a shortest plan, or null; not decided where more than so many states are met.</summary>
    public static (int? Length, bool IsDecided) ShortestPlan(Problem problem, int mostStates)
    {
        var steps = problem.Domain.Actions.SelectMany(a => Steps(a, problem)).ToList();
        var start = new ReferenceInterpreter(problem);
        var seen = new HashSet<string> { start.Facts };
        List<ReferenceInterpreter> layer = [start];
        for (var length = 0; layer.Count > 0; length++)
        {
            if (layer.Exists(s => s.GoalHolds))
                return (length, true);
            layer = [.. layer.SelectMany(state => steps.Select(step => After(state, step))).OfType<ReferenceInterpreter>().Where(s => seen.Add(s.Facts))];
            if (seen.Count > mostStates)
                return (null, false);
        }

        return (null, true);
    }

    private static ReferenceInterpreter? After(ReferenceInterpreter state, PlanStep step)
    {
        var after = state.Copy();
        return after.Take(step) ? after : null;
    }

    private static IEnumerable<PlanStep> Steps(ActionSchema action, Problem problem)
    {
        IEnumerable<string[]> bindings = [[]];
        foreach (var _ in action.Parameters)
            bindings = bindings.SelectMany(b => problem.Objects.Select(o => (string[])[.. b, o.Name])).ToList();
        return bindings.Select(b => new PlanStep(action.Name, [.. b], 1, 1));
    }
}
