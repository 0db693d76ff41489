using System.Collections.Immutable;
using Outerloop.Planning.Pddl;
using Outerloop.Planning.Validation.Compilation;

namespace Outerloop.Planning.Search.Grounding;

/// <summary>
/// Translates a problem's conditions and effects to numbers. What search cannot handle is noted in
/// <see cref="Unsupported"/>, and the translation means nothing then.
/// </summary>
internal sealed class Lifting
{
    private readonly Problem problem;
    private readonly ObjectTable objects;
    private readonly StaticNumbers numbers;
    private readonly Dictionary<string, int> predicates = new(Names.Comparer);
    private readonly List<(string Name, int Slot)> scope = [];
    private int slotCount;
    private bool inEffect;

    private Lifting(Problem problem)
    {
        this.problem = problem;
        objects = new ObjectTable(problem);
        numbers = new StaticNumbers(problem, objects);
        foreach (var predicate in problem.Domain.Predicates)
            predicates[predicate.Name] = predicates.Count;
    }

    /// <summary>The first part of the language that search does not handle.</summary>
    public string? Unsupported { get; private set; }

    public static (LiftedTask? Task, string? Unsupported) Lift(Problem problem)
    {
        var lifting = new Lifting(problem);
        var task = lifting.LiftTask();
        return lifting.Unsupported is null ? (task, null) : (null, lifting.Unsupported);
    }

    private LiftedTask LiftTask()
    {
        if (!problem.Unsupported.IsEmpty)
            Refuse(problem.Unsupported[0].Name);
        if (!problem.Domain.Axioms.IsEmpty)
            Refuse("derived predicates");
        if (MetricObstacle() is { } obstacle)
            Refuse(obstacle);
        LiftedAction[] actions = [.. problem.Domain.Actions.Select(Lift)];
        var isStatic = Enumerable.Repeat(true, predicates.Count).ToArray();
        foreach (var effect in actions.SelectMany(a => a.Effects))
            isStatic[effect.Literal.Predicate] = false;
        actions = [.. actions.Select(a => SplitTests(a, isStatic))];
        Begin([]);
        var goal = Lift(problem.Goal, wanted: true);
        return new LiftedTask(Relations(), isStatic, actions, goal, slotCount);
    }

    private void Refuse(string feature) => Unsupported ??= feature;

    /// <summary>Search minimises the number of steps, or one fluent that actions only ever increase.</summary>
    private string? MetricObstacle() => problem.Metric switch
    {
        null or { Minimize: true, Expression: TotalTime } => null,
        { Minimize: true, Expression: FunctionTerm { Function.Arity: 0 } } => null,
        _ => "metrics other than the minimal sum of action costs",
    };

    private FactRelation[] Relations()
    {
        FactRelation[] relations = [.. problem.Domain.Predicates.Select(p => new FactRelation(p.Arity, objects.Count))];
        foreach (var fact in problem.Init)
            relations[predicates[fact.Predicate.Name]].Add([.. fact.Arguments.Select(objects.IndexOf)]);
        foreach (var relation in relations)
            relation.InitialCount = relation.Count;
        return relations;
    }

    private LiftedVariable[] Begin(ImmutableArray<Parameter> parameters)
    {
        scope.Clear();
        slotCount = 0;
        return Enter(parameters);
    }

    private LiftedVariable[] Enter(ImmutableArray<Parameter> parameters)
    {
        var variables = new LiftedVariable[parameters.Length];
        for (var i = 0; i < variables.Length; i++)
        {
            variables[i] = new LiftedVariable(slotCount++, objects.Extent(parameters[i].Type));
            scope.Add((parameters[i].Name, variables[i].Slot));
        }

        return variables;
    }

    private void Leave(int count) => scope.RemoveRange(scope.Count - count, count);

    private LiftedAction Lift(ActionSchema schema)
    {
        var variables = Begin(schema.Parameters).ToList();
        var joined = new List<LiftedLiteral>();
        var rest = new List<LiftedFormula>();
        Flatten(Lift(schema.Precondition, wanted: true), variables, joined, rest);
        var effects = new List<LiftedEffect>();
        var amounts = new List<(StaticNumber, bool)>();
        inEffect = true;
        Collect(schema.Effect, new EffectContext([], []), effects, amounts);
        inEffect = false;
        var cost = new LiftedCost(problem.Metric?.Expression is not FunctionTerm, [.. amounts]);
        return new LiftedAction(schema, [.. variables], slotCount, [.. joined], [], new LiftedAll([.. rest]), [.. effects], cost);
    }

    /// <summary>Takes a conjunction apart; what it claims to exist becomes one more variable of the action.</summary>
    private static void Flatten(LiftedFormula formula, List<LiftedVariable> variables, List<LiftedLiteral> joined, List<LiftedFormula> rest)
    {
        if (formula is LiftedLiteral { IsPositive: true } literal)
        {
            joined.Add(literal);
        }
        else if (formula is LiftedQuantified { IsUniversal: false } existential)
        {
            variables.AddRange(existential.Variables);
            Flatten(existential.Body, variables, joined, rest);
        }
        else if (formula is LiftedAll all)
        {
            foreach (var part in all.Parts)
                Flatten(part, variables, joined, rest);
        }
        else
        {
            rest.Add(formula);
        }
    }

    private static LiftedAction SplitTests(LiftedAction action, bool[] isStatic)
    {
        var parts = ((LiftedAll)action.Rest).Parts.ToLookup(p => p is LiftedEquality || (p is LiftedLiteral l && isStatic[l.Predicate]));
        return action with { Tests = [.. parts[true]], Rest = new LiftedAll([.. parts[false]]) };
    }

    private LiftedFormula Lift(Condition condition, bool wanted) => condition switch
    {
        Conjunction c => Parts(c.Parts, wanted, wanted),
        Disjunction d => Parts(d.Parts, !wanted, wanted),
        Negation n => Lift(n.Body, !wanted),
        Implication i => Parts([new Negation(i.Premise), i.Conclusion], !wanted, wanted),
        Universal u => Quantify(u.Variables, u.Body, wanted, wanted),
        Existential e => Quantify(e.Variables, e.Body, !wanted, wanted),
        Atom a => Literal(a, wanted),
        Equality e => new LiftedEquality(Slot(e.Left), Slot(e.Right), wanted),
        Comparison c => Compare(c, wanted),
        _ => throw new InvalidOperationException($"no such condition: {condition.GetType()}"),
    };

    private LiftedFormula Parts(ImmutableArray<Condition> parts, bool all, bool wanted)
    {
        LiftedFormula[] lifted = [.. parts.Select(p => Lift(p, wanted))];
        if (lifted.Length == 1)
            return lifted[0];
        return all ? new LiftedAll(lifted) : new LiftedAny(lifted);
    }

    private LiftedQuantified Quantify(ImmutableArray<Parameter> parameters, Condition body, bool universal, bool wanted)
    {
        var variables = Enter(parameters);
        var result = new LiftedQuantified(variables, Lift(body, wanted), universal);
        Leave(parameters.Length);
        return result;
    }

    private LiftedLiteral Literal(Atom atom, bool positive) =>
        new(predicates[atom.Predicate.Name], [.. atom.Arguments.Select(Slot)], positive);

    /// <summary>Within an effect an undefined number forbids the step, which conditions here cannot say.</summary>
    private LiftedFormula Compare(Comparison comparison, bool wanted)
    {
        if (!inEffect && numbers.Lift(comparison.Left, Slot) is { } left && numbers.Lift(comparison.Right, Slot) is { } right)
            return new LiftedComparison(comparison.Operator, left, right, wanted);
        Refuse("conditions on numeric fluents");
        return LiftedFormula.True;
    }

    /// <summary>The innermost variable of the name hides the others.</summary>
    private int Slot(Term term) => term is ObjectTerm found
        ? Terms.Object(objects.IndexOf(found.Object))
        : scope.FindLast(s => Names.Same(s.Name, ((VariableTerm)term).Name)).Slot;

    private void Collect(Effect effect, EffectContext context, List<LiftedEffect> effects, List<(StaticNumber, bool)> amounts)
    {
        switch (effect)
        {
            case EffectConjunction c:
                foreach (var part in c.Parts)
                    Collect(part, context, effects, amounts);
                break;
            case AddEffect a:
                effects.Add(context.Effect(Literal(a.Atom, positive: true)));
                break;
            case DeleteEffect d:
                effects.Add(context.Effect(Literal(d.Atom, positive: false)));
                break;
            case ConditionalEffect c:
                Collect(c.Effect, context with { Conditions = context.Conditions.Add(Lift(c.Condition, wanted: true)) }, effects, amounts);
                break;
            case UniversalEffect u:
                Collect(u.Effect, context with { Variables = context.Variables.AddRange(Enter(u.Variables)) }, effects, amounts);
                Leave(u.Variables.Length);
                break;
            default:
                Collect((NumericEffect)effect, context, amounts);
                break;
        }
    }

    private void Collect(NumericEffect effect, EffectContext context, List<(StaticNumber, bool)> amounts)
    {
        var isCost = effect is { Operator: UpdateOperator.Increase, Target.Function.Arity: 0 } && numbers.IsDefined(effect.Target.Function);
        if (isCost && context.IsEmpty && numbers.Lift(effect.Amount, Slot) is { } amount)
            amounts.Add((amount, problem.Metric?.Expression is FunctionTerm metric && Names.Same(metric.Function.Name, effect.Target.Function.Name)));
        else
            Refuse("numeric effects other than action costs");
    }

    /// <summary>What stands around an effect.</summary>
    private sealed record EffectContext(ImmutableArray<LiftedVariable> Variables, ImmutableArray<LiftedFormula> Conditions)
    {
        public bool IsEmpty => Variables.IsEmpty && Conditions.IsEmpty;

        public LiftedEffect Effect(LiftedLiteral literal) => new([.. Variables], new LiftedAll([.. Conditions]), literal);
    }
}
