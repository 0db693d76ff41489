using System.Collections.Immutable;
using Outerloop.Planning.Pddl;
using Outerloop.Planning.Validation.Compilation;

namespace Outerloop.Planning.Validation;

/// <summary>Keeps what happenings really change of a state, as facts and numbers with their names.</summary>
internal sealed class StateJournal(CompiledTask task, Domain domain)
{
    private ImmutableArray<GroundAtom> added = [];
    private ImmutableArray<GroundAtom> removed = [];
    private ImmutableArray<NumericChange> changed = [];

    /// <summary>Applies changes and keeps what they come to.</summary>
    public void Apply(Changes changes, State state)
    {
        (Fact Fact, bool Held)[] touched = [.. changes.Deletes.Concat(changes.Adds).Distinct().Select(fact => (fact, state.Holds(fact)))];
        changes.Apply(state);
        added = [.. touched.Where(t => !t.Held && state.Holds(t.Fact)).Select(t => AtomOf(t.Fact))];
        removed = [.. touched.Where(t => t.Held && !state.Holds(t.Fact)).Select(t => AtomOf(t.Fact))];
        changed = [.. changes.Updates.Select(u => u.Place).Distinct().Select(place => NumberOf(place, state))];
    }

    /// <summary>What was kept since the last time.</summary>
    public ReplayedStep Take(PlanStep step)
    {
        var taken = new ReplayedStep(step, added, removed, changed);
        (added, removed, changed) = ([], [], []);
        return taken;
    }

    public GroundAtom AtomOf(Relation relation, IEnumerable<int> objects) =>
        new(domain.Predicates[relation.Index], [.. objects.Select(o => task.Objects[o])]);

    private GroundAtom AtomOf(Fact fact) => AtomOf(fact.Relation, fact.Relation.ArgumentsOf(fact.Place));

    private NumericChange NumberOf(Fact place, State state)
    {
        state.TryGetValue(place, out var value);
        string[] words = [place.Relation.Name, .. place.Relation.ArgumentsOf(place.Place).Select(o => task.Objects[o].Name)];
        return new NumericChange($"({string.Join(' ', words)})", value.ToString());
    }
}
