using Outerloop.Planning.Pddl;

namespace Outerloop.Planning.Search.Grounding;

/// <summary>Grounds the preconditions and effects of action instances; a disjunctive precondition gives several operators.</summary>
internal sealed class OperatorDrafting(LiftedTask task, List<ActionInstance> instances, SearchLimits limits)
{
    private readonly AtomTable atoms = new(task);

    /// <summary>The goal as a conjunction; null where it is unreachable.</summary>
    public int[]? Goal { get; private set; }

    public List<DraftOperator> Operators { get; } = [];

    public AtomTable Atoms => atoms;

    public bool IsTooLarge { get; private set; }

    /// <summary>One more than the greatest atom in use.</summary>
    public int AtomCount { get; private set; }

    public void Run()
    {
        var forms = new DisjunctiveForm(atoms, limits);
        NoteDeletions();
        foreach (var instance in limits.Each(instances).TakeWhile(_ => !forms.IsTooLarge))
            Draft(instance, forms);
        AtomCount = atoms.Count;
        DraftGoal(forms.Of(task.Goal, new int[task.GoalSlots]));
        IsTooLarge = forms.IsTooLarge;
    }

    private void NoteDeletions()
    {
        var truth = new OptimisticTruth(task);
        foreach (var (action, slots) in limits.Each(instances))
        {
            foreach (var effect in action.Effects.Where(e => !e.Literal.IsPositive))
            {
                Bind(effect.Variables, 0, slots, () =>
                {
                    if (atoms.Find(effect.Literal, slots) is var atom and >= 0 && truth.MayHold(effect.Condition, slots))
                        atoms.NoteDeletion(atom);
                });
            }
        }
    }

    private void Draft(ActionInstance instance, DisjunctiveForm forms)
    {
        var (action, slots) = instance;
        var precondition = forms.Of(action.Rest, slots);
        foreach (var literal in action.Joined)
            precondition = forms.And(precondition, forms.Of(literal, slots));
        if (precondition.Count == 0)
            return;
        var effects = Effects(action, slots, forms);
        foreach (var conjunction in precondition)
            Operators.Add(new DraftOperator(instance, conjunction, Simplify(effects, conjunction), action.Cost.Evaluate(slots)!.Value));
    }

    private List<DraftEffect> Effects(LiftedAction action, int[] slots, DisjunctiveForm forms)
    {
        var effects = new List<DraftEffect>();
        foreach (var effect in action.Effects)
        {
            Bind(effect.Variables, 0, slots, () =>
            {
                if (atoms.Find(effect.Literal, slots) is not (var atom and >= 0))
                    return;
                foreach (var condition in forms.Of(effect.Condition, slots))
                    effects.Add(new DraftEffect(condition, AtomTable.Literal(atom, effect.Literal.IsPositive)));
            });
        }

        return effects;
    }

    /// <summary>Leaves out of the conditions what the precondition says already, and the effects that it excludes.</summary>
    private static List<DraftEffect> Simplify(List<DraftEffect> effects, int[] precondition)
    {
        if (effects.TrueForAll(e => e.Condition.Length == 0))
            return effects;
        return [.. effects
            .Where(e => !Array.Exists(e.Condition, l => Contains(precondition, AtomTable.Negate(l))))
            .Select(e => e with { Condition = [.. e.Condition.Where(l => !Contains(precondition, l))] })];
    }

    private static bool Contains(int[] conjunction, int literal) => Array.BinarySearch(conjunction, literal) >= 0;

    /// <summary>Of several conjunctions each gets a free step that brings about an atom of its own, the goal then.</summary>
    private void DraftGoal(List<int[]> goal)
    {
        if (goal.Count <= 1)
        {
            Goal = goal.Count == 0 ? null : goal[0];
            return;
        }

        var reached = AtomTable.Literal(AtomCount++, isPositive: true);
        Goal = [reached];
        foreach (var conjunction in goal)
            Operators.Add(new DraftOperator(null, conjunction, [new DraftEffect([], reached)], Number.Zero));
    }

    private void Bind(LiftedVariable[] variables, int depth, int[] slots, Action bound)
    {
        if (depth == variables.Length)
        {
            bound();
            return;
        }

        foreach (var member in limits.Each(variables[depth].Extent.Members))
        {
            slots[variables[depth].Slot] = member;
            Bind(variables, depth + 1, slots, bound);
        }
    }
}
