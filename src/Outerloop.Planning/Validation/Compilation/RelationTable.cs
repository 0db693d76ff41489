using Outerloop.Planning.Pddl;

namespace Outerloop.Planning.Validation.Compilation;

/// <summary>The relations of all predicates and functions of a problem, and how each is kept.</summary>
internal sealed class RelationTable
{
    /// <summary>128 KiB a relation and 1 MiB in all keep the copy of a state cheap, whatever the problem.</summary>
    private const int MostBits = 1 << 20;
    private const int MostBitsInAll = 1 << 23;

    private readonly Dictionary<string, Relation> predicates = new(Names.Comparer);
    private readonly Dictionary<string, Relation> functions = new(Names.Comparer);

    public RelationTable(Domain domain, ObjectTable objects)
    {
        var changing = ChangedPredicates(domain);
        foreach (var predicate in domain.Predicates)
        {
            predicates[predicate.Name] = new Relation(predicates.Count, predicate.Name, predicate.Parameters, objects)
            {
                IsDerived = predicate.IsDerived,
                IsStatic = !predicate.IsDerived && !changing.Contains(predicate.Name),
            };
        }

        foreach (var function in domain.Functions)
            functions[function.Name] = new Relation(functions.Count, function.Name, function.Parameters, objects);
        OfPredicates = [.. domain.Predicates.Select(Of)];
        OfFunctions = [.. domain.Functions.Select(Of)];
        FluentBits = Lay(isStatic: false);
        StaticBits = Lay(isStatic: true);
    }

    public int FluentBits { get; }

    public int StaticBits { get; }

    public IEnumerable<Relation> All => predicates.Values.Concat(functions.Values);

    /// <summary>The relations of the predicates, in the order of their declaration.</summary>
    public Relation[] OfPredicates { get; }

    /// <summary>The relations of the functions, in the order of their declaration.</summary>
    public Relation[] OfFunctions { get; }

    public Relation Of(Predicate predicate) => predicates[predicate.Name];

    public Relation Of(Function function) => functions[function.Name];

    private int Lay(bool isStatic)
    {
        var used = 0;
        foreach (var relation in predicates.Values.Where(r => r.IsStatic == isStatic && !r.IsTooLarge))
        {
            if (relation.Size > MostBits || used + (int)relation.Size > MostBitsInAll)
                continue;
            relation.FirstBit = used;
            used += (int)relation.Size;
        }

        return used;
    }

    private static HashSet<string> ChangedPredicates(Domain domain)
    {
        var changed = new HashSet<string>(Names.Comparer);
        foreach (var action in domain.Actions)
            Collect(action.Effect, changed);
        return changed;
    }

    private static void Collect(Effect effect, HashSet<string> changed)
    {
        if (effect is AddEffect add)
            changed.Add(add.Atom.Predicate.Name);
        else if (effect is DeleteEffect delete)
            changed.Add(delete.Atom.Predicate.Name);
        else if (effect is ConditionalEffect conditional)
            Collect(conditional.Effect, changed);
        else if (effect is UniversalEffect universal)
            Collect(universal.Effect, changed);
        else if (effect is EffectConjunction conjunction)
        {
            foreach (var part in conjunction.Parts)
                Collect(part, changed);
        }
    }
}
