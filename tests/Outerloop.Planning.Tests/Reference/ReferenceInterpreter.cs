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
    private HashSet<string> facts;
    private int taken;
    private Dictionary<string, decimal> values;

    public ReferenceInterpreter(Problem problem)
    {
        this.problem = problem;
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

    /// <summary>The same state; what is done to one does not change the other, as long as there are no axioms.</summary>
    public ReferenceInterpreter Copy() => (ReferenceInterpreter)MemberwiseClone();

    /// <summary>Takes a step; false where it cannot be taken.</summary>
    public bool Take(PlanStep step)
    {
        var action = problem.Domain.Actions.FirstOrDefault(a => a.Name == step.Action);
        if (action is null || action.Parameters.Length != step.Arguments.Length)
            return false;
        var binding = new Dictionary<string, string>();
        foreach (var (parameter, argument) in action.Parameters.Zip(step.Arguments))
        {
            if (!ObjectsOf(parameter.Type).Contains(argument))
                return false;
            binding[parameter.Name] = argument;
        }

        taken++;
        return Holds(action.Precondition, binding) == true && Apply(action.Effect, binding);
    }

    private bool Apply(Effect effect, Dictionary<string, string> binding)
    {
        var changes = new List<(string Kind, string What, decimal Amount)>();
        if (!Collect(effect, binding, changes))
            return false;
        var updates = changes.Where(c => c.Kind is not ("add" or "delete")).ToLookup(c => c.What);
        if (updates.Any(u => u.Count() > 1 && u.Any(c => c.Kind is not ("Increase" or "Decrease"))))
            return false;
        var after = new Dictionary<string, decimal>(values);
        foreach (var (kind, what, amount) in updates.SelectMany(u => u))
        {
            if (kind != "Assign" && !after.ContainsKey(what))
                return false;
            if (kind == "ScaleDown" && amount == 0)
                return false;
            after[what] = Updated(kind, after.GetValueOrDefault(what), amount);
        }

        values = after;
        facts = [.. facts.Except(changes.Where(c => c.Kind == "delete").Select(c => c.What)), .. changes.Where(c => c.Kind == "add").Select(c => c.What)];
        Derive();
        return true;
    }

    private static decimal Updated(string kind, decimal before, decimal amount) => kind switch
    {
        "Assign" => amount,
        "Increase" => before + amount,
        "Decrease" => before - amount,
        "ScaleUp" => before * amount,
        _ => before / amount,
    };

    private bool Collect(Effect effect, Dictionary<string, string> binding, List<(string, string, decimal)> changes)
    {
        switch (effect)
        {
            case EffectConjunction c:
                return c.Parts.All(p => Collect(p, binding, changes));
            case AddEffect a:
                changes.Add(("add", Ground(a.Atom.Predicate.Name, a.Atom.Arguments, binding), 0));
                return true;
            case DeleteEffect d:
                changes.Add(("delete", Ground(d.Atom.Predicate.Name, d.Atom.Arguments, binding), 0));
                return true;
            case ConditionalEffect c:
                return Holds(c.Condition, binding) is { } holds && (!holds || Collect(c.Effect, binding, changes));
            case UniversalEffect u:
                return Bindings(u.Variables, binding).All(b => Collect(u.Effect, b, changes));
            case NumericEffect n when Value(n.Amount, binding) is { } amount:
                changes.Add((n.Operator.ToString(), Ground(n.Target.Function.Name, n.Target.Arguments, binding), amount));
                return true;
            default:
                return false;
        }
    }

    private void Derive()
    {
        facts.RemoveWhere(f => f.StartsWith("(d", StringComparison.Ordinal));
        foreach (var axioms in problem.Domain.Axioms.GroupBy(a => a.Predicate.Name).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            var before = -1;
            while (before != facts.Count)
            {
                before = facts.Count;
                var holding = axioms.SelectMany(a => Bindings(a.Parameters, []).Where(b => Holds(a.Body, b) == true).Select(b => Head(a, b)));
                facts.UnionWith(holding.ToList());
            }
        }
    }

    private static string Head(Axiom axiom, Dictionary<string, string> binding) =>
        $"({string.Join(' ', axiom.Parameters.Select(p => binding[p.Name]).Prepend(axiom.Predicate.Name))})";

    private bool? Holds(Condition condition, Dictionary<string, string> binding) => condition switch
    {
        Conjunction c => All(c.Parts.Select(p => Holds(p, binding))),
        Disjunction d => !All(d.Parts.Select(p => !Holds(p, binding))),
        Negation n => !Holds(n.Body, binding),
        Implication i => !All([Holds(i.Premise, binding), !Holds(i.Conclusion, binding)]),
        Universal u => All(Bindings(u.Variables, binding).Select(b => Holds(u.Body, b))),
        Existential e => !All(Bindings(e.Variables, binding).Select(b => !Holds(e.Body, b))),
        Atom a => facts.Contains(Ground(a.Predicate.Name, a.Arguments, binding)),
        Equality e => Name(e.Left, binding) == Name(e.Right, binding),
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
                return values.TryGetValue(Ground(f.Function.Name, f.Arguments, binding), out var value) ? value : null;
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

    private IEnumerable<Dictionary<string, string>> Bindings(IEnumerable<Parameter> variables, Dictionary<string, string> outer)
    {
        IEnumerable<Dictionary<string, string>> all = [outer];
        foreach (var variable in variables)
            all = all.SelectMany(b => ObjectsOf(variable.Type).Select(o => new Dictionary<string, string>(b) { [variable.Name] = o })).ToList();
        return all;
    }

    private List<string> ObjectsOf(TypeName wanted) =>
        [.. problem.Objects.Where(o => o.Type.Alternatives.Any(t => wanted.Alternatives.Any(w => Above(t).Contains(w)))).Select(o => o.Name)];

    private IEnumerable<string> Above(string type)
    {
        var parents = problem.Domain.Types.Declarations.Where(d => d.Name == type).SelectMany(d => d.Parent.Alternatives);
        return parents.SelectMany(Above).Append(type).Append("object");
    }

    private static string Ground(string name, IEnumerable<Term> arguments, Dictionary<string, string> binding) =>
        $"({string.Join(' ', arguments.Select(a => Name(a, binding)).Prepend(name))})";

    private static string Name(Term term, Dictionary<string, string> binding) =>
        term is ObjectTerm o ? o.Object.Name : binding[((VariableTerm)term).Name];
}
