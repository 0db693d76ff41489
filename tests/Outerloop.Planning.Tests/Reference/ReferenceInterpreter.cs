using Outerloop.Planning.Pddl;
using Outerloop.Planning.Validation;

namespace Outerloop.Planning.Tests.Reference;

/// <summary>
/// The semantics of PDDL 2.1 written for reading, not for speed, and without a line shared with the validator: facts are
/// strings, numbers decimals, undefined truth is null. Axioms apply predicate by predicate in order of name.
/// </summary>
internal sealed class ReferenceInterpreter
{
    private readonly Problem problem;
    private readonly Bindings bindings;
    private readonly HashSet<string> derived;
    private HashSet<string> facts;
    private int taken;
    private Dictionary<string, decimal> values;

    public ReferenceInterpreter(Problem problem)
    {
        this.problem = problem;
        bindings = new Bindings(problem);
        derived = [.. problem.Domain.Axioms.Select(a => a.Predicate.Name)];
        facts = [.. problem.Init.Select(f => f.ToString())];
        values = problem.InitialValues.ToDictionary(
            v => $"({string.Join(' ', v.Arguments.Select(a => a.Name).Prepend(v.Function.Name))})",
            v => (decimal)v.Value.ToDouble());
        values.TryAdd("(total-cost)", 0);
        Derive();
    }

    public bool GoalHolds => Holds(problem.Goal, []) == true;

    public decimal? MetricValue => problem.Metric is { } metric ? Value(metric.Expression, []) : null;

    /// <summary>The facts that hold, as one text.</summary>
    public string Facts => string.Concat(facts.Order(StringComparer.Ordinal));

    /// <summary>The facts that hold and are not derived.</summary>
    public IEnumerable<string> TouchableFacts => facts.Where(f => !IsDerived(f));

    /// <summary>The numbers that have a value.</summary>
    public IReadOnlyDictionary<string, decimal> Values => values;

    /// <summary>The same state; what is done to one does not change the other, as long as there are no axioms.</summary>
    public ReferenceInterpreter Copy() => (ReferenceInterpreter)MemberwiseClone();

    /// <summary>Whether a fact holds, <c>(on a b)</c> for example.</summary>
    public bool HasFact(string fact) => facts.Contains(fact);

    /// <summary>Takes a step; false where it cannot be taken.</summary>
    public bool Take(PlanStep step) => TakeAtOnce([step]) is null;

    /// <summary>Takes steps that happen at once; else the index of the first that cannot be taken along with those before it.</summary>
    public int? TakeAtOnce(IReadOnlyList<PlanStep> steps)
    {
        taken++;
        var together = new List<GroundStep>();
        foreach (var step in steps)
        {
            if (InState(step) is not { } ground || together.Any(ground.InterferesWith))
                return together.Count;
            together.Add(ground);
        }

        Apply([.. together.SelectMany(g => g.Changes)]);
        return null;
    }

    /// <summary>What the step reads and changes; null where it cannot be taken, even alone.</summary>
    private GroundStep? InState(PlanStep step)
    {
        var action = problem.Domain.Actions.FirstOrDefault(a => a.Name == step.Action);
        if (action is null || bindings.Of(action, step) is not { } binding || Holds(action.Precondition, binding) != true)
            return null;
        var changes = new List<Change>();
        if (!Collect(action.Effect, binding, changes) || !CanUpdate(changes))
            return null;
        var mentioned = new Mentioned(problem, bindings, (c, b) => Holds(c, b) == true);
        mentioned.In(action.Precondition, binding);
        mentioned.In(action.Effect, binding);
        return new GroundStep(mentioned.Atoms, mentioned.Numbers, changes);
    }

    private bool CanUpdate(List<Change> changes)
    {
        var updates = changes.Where(c => c.IsUpdate).ToList();
        return updates.GroupBy(c => c.What).All(u => u.Count() == 1 || u.All(c => c.IsAdditive))
            && updates.TrueForAll(c => c.Kind == "Assign" || values.ContainsKey(c.What))
            && !updates.Exists(c => c is { Kind: "ScaleDown", Amount: 0 });
    }

    private void Apply(List<Change> changes)
    {
        // Replaced, not altered: a copy shares them.
        values = new Dictionary<string, decimal>(values);
        foreach (var (kind, what, amount) in changes.Where(c => c.IsUpdate))
            values[what] = Updated(kind, values.GetValueOrDefault(what), amount);
        facts = [.. facts.Except(changes.Where(c => c.Kind == "delete").Select(c => c.What)), .. changes.Where(c => c.Kind == "add").Select(c => c.What)];
        Derive();
    }

    private static decimal Updated(string kind, decimal before, decimal amount) => kind switch
    {
        "Assign" => amount,
        "Increase" => before + amount,
        "Decrease" => before - amount,
        "ScaleUp" => before * amount,
        _ => before / amount,
    };

    private bool Collect(Effect effect, Dictionary<string, string> binding, List<Change> changes)
    {
        switch (effect)
        {
            case EffectConjunction c:
                return c.Parts.All(p => Collect(p, binding, changes));
            case AddEffect a:
                changes.Add(new Change("add", Bindings.Ground(a.Atom.Predicate.Name, a.Atom.Arguments, binding), 0));
                return true;
            case DeleteEffect d:
                changes.Add(new Change("delete", Bindings.Ground(d.Atom.Predicate.Name, d.Atom.Arguments, binding), 0));
                return true;
            case ConditionalEffect c:
                return Holds(c.Condition, binding) is { } holds && (!holds || Collect(c.Effect, binding, changes));
            case UniversalEffect u:
                return bindings.Of(u.Variables, binding).All(b => Collect(u.Effect, b, changes));
            case NumericEffect n when Value(n.Amount, binding) is { } amount:
                changes.Add(new Change(n.Operator.ToString(), Bindings.Ground(n.Target.Function.Name, n.Target.Arguments, binding), amount));
                return true;
            default:
                return false;
        }
    }

    private void Derive()
    {
        facts.RemoveWhere(IsDerived);
        foreach (var axioms in problem.Domain.Axioms.GroupBy(a => a.Predicate.Name).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            var before = -1;
            while (before != facts.Count)
            {
                before = facts.Count;
                var holding = axioms.SelectMany(a => bindings.Of(a.Parameters, []).Where(b => Holds(a.Body, b) == true).Select(b => Head(a, b)));
                facts.UnionWith(holding.ToList());
            }
        }
    }

    private bool IsDerived(string fact) => derived.Contains(fact[1..fact.AsSpan().IndexOfAny(' ', ')')]);

    /// <summary>The fact that an axiom derives.</summary>
    public static string Head(Axiom axiom, Dictionary<string, string> binding) =>
        $"({string.Join(' ', axiom.Parameters.Select(p => binding[p.Name]).Prepend(axiom.Predicate.Name))})";

    private bool? Holds(Condition condition, Dictionary<string, string> binding) => condition switch
    {
        Conjunction c => All(c.Parts.Select(p => Holds(p, binding))),
        Disjunction d => !All(d.Parts.Select(p => !Holds(p, binding))),
        Negation n => !Holds(n.Body, binding),
        Implication i => !All([Holds(i.Premise, binding), !Holds(i.Conclusion, binding)]),
        Universal u => All(bindings.Of(u.Variables, binding).Select(b => Holds(u.Body, b))),
        Existential e => !All(bindings.Of(e.Variables, binding).Select(b => !Holds(e.Body, b))),
        Atom a => facts.Contains(Bindings.Ground(a.Predicate.Name, a.Arguments, binding)),
        Equality e => Bindings.Name(e.Left, binding) == Bindings.Name(e.Right, binding),
        Comparison c => Compare(c.Operator, Value(c.Left, binding), Value(c.Right, binding)),
        _ => throw new InvalidOperationException(),
    };

    private static bool? All(IEnumerable<bool?> parts)
    {
        var truths = parts.ToList();
        return truths.Contains(false) ? false : truths.Contains(null) ? null : true;
    }

    private static bool? Compare(ComparisonOperator operation, decimal? left, decimal? right) => left is null || right is null ? null : operation switch
    {
        ComparisonOperator.Less => left < right,
        ComparisonOperator.LessOrEqual => left <= right,
        ComparisonOperator.Equal => left == right,
        ComparisonOperator.GreaterOrEqual => left >= right,
        _ => left > right,
    };

    private decimal? Value(NumericExpression expression, Dictionary<string, string> binding)
    {
        switch (expression)
        {
            case NumberLiteral n:
                return (decimal)n.Value.ToDouble();
            case FunctionTerm f:
                return values.TryGetValue(Bindings.Ground(f.Function.Name, f.Arguments, binding), out var value) ? value : null;
            case TotalTime:
                return taken;
            case Arithmetic { Operator: ArithmeticOperator.Subtract, Operands: [var only] }:
                return -Value(only, binding);
            case Arithmetic a:
                var operands = a.Operands.Select(o => Value(o, binding)).ToList();
                return operands.Skip(1).Aggregate(operands[0], (left, right) => a.Operator switch
                {
                    ArithmeticOperator.Add => left + right,
                    ArithmeticOperator.Subtract => left - right,
                    ArithmeticOperator.Multiply => left * right,
                    _ => right is null or 0 ? null : left / right,
                });
            default:
                throw new InvalidOperationException();
        }
    }
}
