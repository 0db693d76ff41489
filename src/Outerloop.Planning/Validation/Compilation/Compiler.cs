using System.Collections.Immutable;
using Outerloop.Planning.Pddl;

namespace Outerloop.Planning.Validation.Compilation;

/// <summary>Translates conditions, effects and expressions; knows which variable lives in which slot.</summary>
internal sealed class Compiler(ObjectTable objects, RelationTable relations)
{
    private readonly List<string> slots = [];

    /// <summary>The most slots that any compiled part needs.</summary>
    public int SlotCount { get; private set; }

    /// <summary>Opens a scope that holds only the given parameters, in slots 0, 1, ….</summary>
    public void Begin(ImmutableArray<Parameter> parameters)
    {
        slots.Clear();
        slots.AddRange(parameters.Select(p => p.Name));
        SlotCount = Math.Max(SlotCount, slots.Count);
    }

    /// <param name="condition">The condition to translate.</param>
    /// <param name="wanted">False to translate the negation of the condition instead.</param>
    public CompiledCondition Compile(Condition condition, bool wanted = true) => condition switch
    {
        Conjunction c => Parts(c.Parts, all: wanted, wanted),
        Disjunction d => Parts(d.Parts, all: !wanted, wanted),
        Negation n => Compile(n.Body, !wanted),
        Implication i => Parts([new Negation(i.Premise), i.Conclusion], all: !wanted, wanted),
        Universal u => Quantify(u.Variables, u.Body, universal: wanted, wanted, u),
        Existential e => Quantify(e.Variables, e.Body, universal: !wanted, wanted, e),
        Atom a => new AtomTest(relations.Of(a.Predicate), Arguments(a.Arguments), wanted),
        Equality e => new EqualityTest(Term(e.Left), Term(e.Right), wanted),
        Comparison c => new ComparisonTest(c.Operator, Compile(c.Left), Compile(c.Right), wanted),
        _ => throw new InvalidOperationException($"no such condition: {condition.GetType()}"),
    };

    public CompiledEffect Compile(Effect effect) => effect switch
    {
        EffectConjunction c => new EffectSequence([.. c.Parts.Select(Compile)]),
        AddEffect a => new FactEffect(relations.Of(a.Atom.Predicate), Arguments(a.Atom.Arguments), value: true),
        DeleteEffect d => new FactEffect(relations.Of(d.Atom.Predicate), Arguments(d.Atom.Arguments), value: false),
        ConditionalEffect c => new ConditionalEffectTest(Compile(c.Condition), Compile(c.Effect)),
        UniversalEffect u => Quantify(u),
        NumericEffect n => new UpdateEffect(n.Operator, relations.Of(n.Target.Function), Arguments(n.Target.Arguments), Compile(n.Amount)),
        _ => throw new InvalidOperationException($"no such effect: {effect.GetType()}"),
    };

    public CompiledExpression Compile(NumericExpression expression) => expression switch
    {
        NumberLiteral n => new ConstantExpression(n.Value),
        FunctionTerm f => new FluentExpression(relations.Of(f.Function), Arguments(f.Arguments)),
        Arithmetic a => new ArithmeticExpression(a.Operator, [.. a.Operands.Select(Compile)]),
        TotalTime => new TotalTimeExpression(),
        _ => throw new InvalidOperationException($"no such expression: {expression.GetType()}"),
    };

    private CompiledCondition Parts(ImmutableArray<Condition> parts, bool all, bool wanted)
    {
        CompiledCondition[] compiled = [.. parts.Select(p => Compile(p, wanted))];
        if (compiled.Length == 1)
            return compiled[0];
        return all ? new AllOf(compiled) : new AnyOf(compiled);
    }

    private Quantified Quantify(ImmutableArray<Parameter> parameters, Condition body, bool universal, bool wanted, Condition source)
    {
        var variables = Enter(parameters);
        var result = new Quantified(variables, Compile(body, wanted), universal, source);
        Leave(parameters);
        return result;
    }

    private EffectForAll Quantify(UniversalEffect effect)
    {
        var variables = Enter(effect.Variables);
        var result = new EffectForAll(variables, Compile(effect.Effect));
        Leave(effect.Variables);
        return result;
    }

    private QuantifiedVariable[] Enter(ImmutableArray<Parameter> parameters)
    {
        var variables = parameters
            .Select((p, i) => new QuantifiedVariable(slots.Count + i, objects.Extent(p.Type).Members, p.Name))
            .ToArray();
        slots.AddRange(parameters.Select(p => p.Name));
        SlotCount = Math.Max(SlotCount, slots.Count);
        return variables;
    }

    private void Leave(ImmutableArray<Parameter> parameters) =>
        slots.RemoveRange(slots.Count - parameters.Length, parameters.Length);

    private int[] Arguments(ImmutableArray<Term> terms) => [.. terms.Select(Term)];

    /// <summary>The innermost variable of the name, since later slots belong to inner quantifiers.</summary>
    private int Term(Term term) => term is ObjectTerm found
        ? Terms.Object(objects.IndexOf(found.Object))
        : slots.FindLastIndex(s => Names.Same(s, ((VariableTerm)term).Name));
}
