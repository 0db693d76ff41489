using System.Collections.Immutable;
using Outerloop.Planning.Pddl;
using Outerloop.Planning.Pddl.Checking;

namespace Outerloop.Planning.Validation.Compilation;

/// <summary>
/// Computes the derived facts of a state, level by level: within a level the axioms are applied until nothing new
/// follows, and negations only read lower levels, which are complete by then.
/// </summary>
internal sealed class Derivation
{
    private readonly CompiledAxiom[][] levels;
    private readonly ILookup<Relation, CompiledAxiom> axiomsOf;
    private readonly Relation[] derived;

    public Derivation(ImmutableArray<Axiom> axioms, Compiler compiler, ObjectTable objects, RelationTable relations)
    {
        var levelOf = Stratification.Levels(axioms) ?? [];
        derived = [.. axioms.Select(a => relations.Of(a.Predicate)).Distinct()];
        levels = [.. axioms
            .GroupBy(a => levelOf[a.Predicate.Name])
            .OrderBy(g => g.Key)
            .Select(g => g.Select(a => Compile(a, compiler, objects, relations)).ToArray())];
        axiomsOf = levels.SelectMany(level => level).ToLookup(axiom => axiom.Head);
        MarkRead(axioms, relations);
    }

    public int SlotCount { get; set; }

    /// <summary>The axioms that a fact of the relation could follow from.</summary>
    public IEnumerable<CompiledAxiom> AxiomsOf(Relation relation) => axiomsOf[relation];

    public void Run(State state, CancellationToken cancellation)
    {
        state.Forget(derived);
        var frame = new Frame(state, SlotCount, cancellation);
        foreach (var level in levels)
        {
            while (level.Aggregate(false, (grew, axiom) => Apply(axiom, frame, 0) | grew))
            {
            }
        }
    }

    /// <summary>Tries all choices of the head's variables; says whether any new fact followed.</summary>
    private static bool Apply(CompiledAxiom axiom, Frame frame, int depth)
    {
        if (depth == axiom.Types.Length)
        {
            if (frame.State.Holds(axiom.Head, axiom.Terms, frame.Slots) || !axiom.Body.Holds(frame))
                return false;
            frame.State.Set(axiom.Head.FactOf(axiom.Terms, frame.Slots), value: true);
            return true;
        }

        var grew = false;
        foreach (var member in axiom.Types[depth].Members)
        {
            frame.Tick();
            frame.Slots[depth] = member;
            grew |= Apply(axiom, frame, depth + 1);
        }

        return grew;
    }

    private static void MarkRead(ImmutableArray<Axiom> axioms, RelationTable relations)
    {
        foreach (var axiom in axioms)
        {
            foreach (var relation in Reads.Of(axiom.Body, relations))
                relation.IsReadByAxioms = true;
        }
    }

    private static CompiledAxiom Compile(Axiom axiom, Compiler compiler, ObjectTable objects, RelationTable relations)
    {
        compiler.Begin(axiom.Parameters);
        return new CompiledAxiom(
            relations.Of(axiom.Predicate),
            [.. axiom.Parameters.Select(p => objects.Extent(p.Type))],
            [.. Enumerable.Range(0, axiom.Parameters.Length)],
            compiler.Compile(axiom.Body));
    }
}

/// <summary>An axiom over numbered relations; the variables of its head live in slots 0, 1, ….</summary>
internal sealed record CompiledAxiom(Relation Head, TypeExtent[] Types, int[] Terms, CompiledCondition Body);
