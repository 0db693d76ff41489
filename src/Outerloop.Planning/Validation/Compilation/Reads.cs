using Outerloop.Planning.Pddl;

namespace Outerloop.Planning.Validation.Compilation;

/// <summary>The relations that a condition or expression mentions.</summary>
internal static class Reads
{
    public static IEnumerable<Relation> Of(Condition condition, RelationTable relations) => condition switch
    {
        Atom a => [relations.Of(a.Predicate)],
        Conjunction c => c.Parts.SelectMany(p => Of(p, relations)),
        Disjunction d => d.Parts.SelectMany(p => Of(p, relations)),
        Negation n => Of(n.Body, relations),
        Implication i => Of(i.Premise, relations).Concat(Of(i.Conclusion, relations)),
        Universal u => Of(u.Body, relations),
        Existential e => Of(e.Body, relations),
        Comparison c => Of(c.Left, relations).Concat(Of(c.Right, relations)),
        _ => [],
    };

    private static IEnumerable<Relation> Of(NumericExpression expression, RelationTable relations) => expression switch
    {
        FunctionTerm f => [relations.Of(f.Function)],
        Arithmetic a => a.Operands.SelectMany(o => Of(o, relations)),
        _ => [],
    };
}
