using Outerloop.Planning.Validation.Compilation;

namespace Outerloop.Planning.Search.Grounding;

/// <summary>An action with its variables bound.</summary>
internal readonly record struct ActionInstance(LiftedAction Action, int[] Slots);

/// <summary>
/// Finds the actions that can be taken when nothing is ever deleted, and the facts that they can bring about: a fixpoint
/// of rules whose bodies are joined with each new fact once.
/// </summary>
internal sealed class Reachability
{
    private readonly LiftedTask task;
    private readonly SearchLimits limits;
    private readonly OptimisticTruth truth;
    private readonly Queue<int> unpublished = new(); // the predicate of each fact in the order of discovery
    private readonly ActionJoin[] joins;
    private readonly List<(ActionJoin Join, int Position)>[] readers;

    public Reachability(LiftedTask task, SearchLimits limits)
    {
        (this.task, this.limits) = (task, limits);
        truth = new OptimisticTruth(task);
        joins = [.. task.Actions.Select(a => new ActionJoin(a, task.Relations, slots => Take(a, slots), limits))];
        readers = [.. task.Relations.Select(_ => new List<(ActionJoin, int)>())];
        for (var i = 0; i < joins.Length; i++)
        {
            for (var j = 0; j < task.Actions[i].Joined.Length; j++)
                readers[task.Actions[i].Joined[j].Predicate].Add((joins[i], j));
        }
    }

    public List<ActionInstance> Instances { get; } = [];

    public void Run()
    {
        for (var predicate = 0; predicate < task.Relations.Length; predicate++)
        {
            for (var i = 0; i < task.Relations[predicate].InitialCount; i++)
            {
                limits.ThrowIfReached();
                Introduce(predicate);
            }
        }

        for (var i = 0; i < joins.Length; i++)
        {
            if (Array.TrueForAll(task.Actions[i].Joined, l => task.IsStatic[l.Predicate]))
                joins[i].MatchAll();
        }

        while (unpublished.TryDequeue(out var predicate))
        {
            limits.ThrowIfReached();
            var fact = task.Relations[predicate].PublishNext();
            foreach (var (join, position) in readers[predicate])
                join.MatchWith(position, fact);
        }
    }

    private void Introduce(int predicate)
    {
        if (task.IsStatic[predicate])
            task.Relations[predicate].PublishNext();
        else
            unpublished.Enqueue(predicate);
    }

    private void Take(LiftedAction action, int[] slots)
    {
        var binding = (int[])slots.Clone();
        if (!truth.MayHold(action.Rest, binding) || action.Cost.Evaluate(binding) is null)
            return;
        Instances.Add(new ActionInstance(action, binding));
        foreach (var effect in action.Effects)
        {
            if (effect.Literal.IsPositive)
                Add(effect, 0, binding);
        }
    }

    private void Add(LiftedEffect effect, int depth, int[] slots)
    {
        limits.ThrowIfReached();
        if (depth < effect.Variables.Length)
        {
            foreach (var member in effect.Variables[depth].Extent.Members)
            {
                slots[effect.Variables[depth].Slot] = member;
                Add(effect, depth + 1, slots);
            }
        }
        else if (truth.MayHold(effect.Condition, slots))
        {
            Span<int> tuple = stackalloc int[effect.Literal.Terms.Length];
            for (var i = 0; i < tuple.Length; i++)
                tuple[i] = Terms.Resolve(effect.Literal.Terms[i], slots);
            if (task.Relations[effect.Literal.Predicate].Add(tuple))
                unpublished.Enqueue(effect.Literal.Predicate);
        }
    }
}
