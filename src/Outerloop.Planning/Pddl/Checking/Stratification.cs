using System.Collections.Immutable;

namespace Outerloop.Planning.Pddl.Checking;

/// <summary>
/// Orders derived predicates so that each is fully known before its negation is read: level(head) ≥ level(positive
/// dependency) and level(head) &gt; level(negative dependency). Where a level would exceed the number of derived
/// predicates, some predicate depends on its own negation and has no meaning.
/// </summary>
internal static class Stratification
{
    private readonly record struct Dependency(int Axiom, string Head, string Body, bool Negative);

    /// <summary>The level of each derived predicate; null if there are none that fit.</summary>
    public static Dictionary<string, int>? Levels(ImmutableArray<Axiom> axioms) => Solve(axioms, out _);

    /// <summary>An axiom that no order fits, or null.</summary>
    public static int? FirstUnstratified(ImmutableArray<Axiom> axioms) => Solve(axioms, out var culprit) is null ? culprit : null;

    private static Dictionary<string, int>? Solve(ImmutableArray<Axiom> axioms, out int culprit)
    {
        culprit = -1;
        var levels = axioms.Select(a => a.Predicate.Name).Distinct(Names.Comparer).ToDictionary(n => n, _ => 0, Names.Comparer);
        // A predicate whose axioms are all wrong has no level.
        var dependencies = axioms.SelectMany((a, i) => DependenciesOf(a, i)).Where(d => levels.ContainsKey(d.Body)).Distinct().ToArray();
        for (var changed = true; changed;)
        {
            changed = false;
            foreach (var dependency in dependencies)
            {
                var least = levels[dependency.Body] + (dependency.Negative ? 1 : 0);
                if (levels[dependency.Head] >= least)
                    continue;
                levels[dependency.Head] = least;
                changed = true;
                if (least <= levels.Count)
                    continue;
                culprit = dependency.Axiom;
                return null;
            }
        }

        return levels;
    }

    private static IEnumerable<Dependency> DependenciesOf(Axiom axiom, int index) =>
        DerivedAtoms(axiom.Body, negative: false)
            .Select(found => new Dependency(index, axiom.Predicate.Name, found.Name, found.Negative));

    private static IEnumerable<(string Name, bool Negative)> DerivedAtoms(Condition condition, bool negative) => condition switch
    {
        Atom { Predicate.IsDerived: true } atom => [(atom.Predicate.Name, negative)],
        Conjunction c => c.Parts.SelectMany(p => DerivedAtoms(p, negative)),
        Disjunction d => d.Parts.SelectMany(p => DerivedAtoms(p, negative)),
        Negation n => DerivedAtoms(n.Body, !negative),
        Implication i => DerivedAtoms(i.Premise, !negative).Concat(DerivedAtoms(i.Conclusion, negative)),
        Universal u => DerivedAtoms(u.Body, negative),
        Existential e => DerivedAtoms(e.Body, negative),
        _ => [],
    };
}
