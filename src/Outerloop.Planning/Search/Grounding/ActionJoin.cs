using Outerloop.Planning.Validation.Compilation;

namespace Outerloop.Planning.Search.Grounding;

/// <summary>
/// Finds the bindings of an action for which all facts that it joins are published. At each point it extends the binding
/// by the fact with the fewest candidates.
/// </summary>
internal sealed class ActionJoin
{
    private const int Unbound = -1;

    private readonly LiftedAction action;
    private readonly FactRelation[] relations;
    private readonly Action<int[]> found;
    private readonly SearchLimits limits;
    private readonly int[] slots;
    private readonly TypeExtent[] extents;
    private readonly bool[] isJoined;
    private int delta;
    private int deltaFact;

    public ActionJoin(LiftedAction action, FactRelation[] relations, Action<int[]> found, SearchLimits limits)
    {
        (this.action, this.relations, this.found, this.limits) = (action, relations, found, limits);
        slots = Enumerable.Repeat(Unbound, action.SlotCount).ToArray();
        extents = new TypeExtent[action.SlotCount];
        foreach (var variable in action.Variables)
            extents[variable.Slot] = variable.Extent;
        isJoined = new bool[action.Joined.Length];
    }

    /// <summary>All bindings; for actions that join no changing fact.</summary>
    public void MatchAll()
    {
        delta = -1;
        Extend();
    }

    /// <summary>
    /// All bindings whose literal <paramref name="position"/> is the fact just published, and whose earlier literals are
    /// older facts, so that no binding is found twice.
    /// </summary>
    public void MatchWith(int position, int fact)
    {
        (delta, deltaFact) = (position, fact);
        isJoined[position] = true;
        Try(action.Joined[position], fact);
        isJoined[position] = false;
    }

    private void Extend()
    {
        limits.ThrowIfReached();
        if (!TestsMayHold())
            return;
        var next = FewestCandidates(out var candidates);
        if (next < 0)
        {
            BindFreeVariables(0);
            return;
        }

        isJoined[next] = true;
        var literal = action.Joined[next];
        var relation = relations[literal.Predicate];
        var end = next < delta && literal.Predicate == action.Joined[delta].Predicate ? deltaFact : relation.Published;
        for (var i = 0; i < (candidates?.Count ?? end); i++)
        {
            var fact = candidates is null ? i : candidates[i];
            if (fact < end)
                Try(literal, fact);
        }

        isJoined[next] = false;
    }

    /// <summary>The literal not yet joined that leaves the fewest choices, and these; null where nothing narrows them.</summary>
    private int FewestCandidates(out List<int>? candidates)
    {
        var (best, fewest) = (-1, int.MaxValue);
        candidates = null;
        for (var i = 0; i < isJoined.Length; i++)
        {
            if (isJoined[i])
                continue;
            var (count, list) = Candidates(action.Joined[i]);
            if (count < fewest)
                (best, fewest, candidates) = (i, count, list);
        }

        return best;
    }

    private (int Count, List<int>? List) Candidates(LiftedLiteral literal)
    {
        var relation = relations[literal.Predicate];
        (int Count, List<int>? List) best = (relation.Published, null);
        for (var i = 0; i < literal.Terms.Length; i++)
        {
            var thing = Terms.Resolve(literal.Terms[i], slots);
            if (thing != Unbound && relation.With(i, thing) is var list && (best.List is null || list.Count < best.Count))
                best = (list.Count, list);
        }

        return best;
    }

    private void Try(LiftedLiteral literal, int fact)
    {
        Span<int> trail = stackalloc int[literal.Terms.Length];
        if (Bind(literal, relations[literal.Predicate][fact], trail, out var bound))
            Extend();
        foreach (var slot in trail[..bound])
            slots[slot] = Unbound;
    }

    private bool Bind(LiftedLiteral literal, ReadOnlySpan<int> tuple, Span<int> trail, out int bound)
    {
        bound = 0;
        for (var i = 0; i < tuple.Length; i++)
        {
            var term = literal.Terms[i];
            var thing = Terms.Resolve(term, slots);
            if (thing == Unbound)
            {
                if (!extents[term].Contains(tuple[i]))
                    return false;
                slots[term] = tuple[i];
                trail[bound++] = term;
            }
            else if (thing != tuple[i])
            {
                return false;
            }
        }

        return true;
    }

    private void BindFreeVariables(int index)
    {
        while (index < action.Variables.Length && slots[action.Variables[index].Slot] != Unbound)
            index++;
        if (index == action.Variables.Length)
        {
            found(slots);
            return;
        }

        var variable = action.Variables[index];
        foreach (var member in variable.Extent.Members)
        {
            slots[variable.Slot] = member;
            limits.ThrowIfReached();
            if (TestsMayHold())
                BindFreeVariables(index + 1);
        }

        slots[variable.Slot] = Unbound;
    }

    private bool TestsMayHold() => Array.TrueForAll(action.Tests, MayHold);

    private bool MayHold(LiftedFormula test)
    {
        if (test is LiftedEquality e)
        {
            var (left, right) = (Terms.Resolve(e.Left, slots), Terms.Resolve(e.Right, slots));
            return left == Unbound || right == Unbound || left == right == e.Wanted;
        }

        var literal = (LiftedLiteral)test;
        Span<int> tuple = stackalloc int[literal.Terms.Length];
        for (var i = 0; i < tuple.Length; i++)
        {
            tuple[i] = Terms.Resolve(literal.Terms[i], slots);
            if (tuple[i] == Unbound)
                return true;
        }

        return relations[literal.Predicate].Find(tuple) >= 0 == literal.IsPositive;
    }
}
