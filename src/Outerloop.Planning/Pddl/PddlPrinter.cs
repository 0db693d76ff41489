using System.Collections.Immutable;
using System.Text;

namespace Outerloop.Planning.Pddl;

/// <summary>Writes the typed model as PDDL. Reading what is written gives the same model again.</summary>
public static class PddlPrinter
{
    public static string Print(Domain domain)
    {
        var text = new StringBuilder($"(define (domain {domain.Name})\n");
        Section(text, ":requirements", string.Join(' ', domain.Requirements.Select(r => $":{r}")));
        Section(text, ":types", TypedList(domain.Types.Declarations.Select(d => (d.Name, d.Parent))));
        Section(text, ":constants", TypedList(domain.Constants.Select(c => (c.Name, c.Type))));
        Section(text, ":predicates", string.Join("\n    ", domain.Predicates.Select(p => Heading(p.Name, p.Parameters))));
        Section(text, ":functions", string.Join("\n    ", domain.Functions.Select(f => Heading(f.Name, f.Parameters))));
        foreach (var axiom in domain.Axioms)
            text.Append($"  (:derived {Heading(axiom.Predicate.Name, axiom.Parameters)}\n    {Print(axiom.Body)})\n");
        foreach (var action in domain.Actions)
            text.Append(Print(action));
        return text.Append(")\n").ToString();
    }

    public static string Print(Problem problem)
    {
        var text = new StringBuilder($"(define (problem {problem.Name})\n  (:domain {problem.Domain.Name})\n");
        var own = problem.Objects.Where(o => !o.IsConstant);
        Section(text, ":objects", TypedList(own.Select(o => (o.Name, o.Type))));
        var init = problem.Init.Select(Print).Concat(problem.InitialValues.Select(Print));
        text.Append($"  (:init\n    {string.Join("\n    ", init)})\n");
        text.Append($"  (:goal\n    {Print(problem.Goal)})\n");
        if (problem.Metric is { } metric)
            text.Append($"  (:metric {(metric.Minimize ? "minimize" : "maximize")} {Print(metric.Expression)})\n");
        return text.Append(")\n").ToString();
    }

    public static string Print(Condition condition) => condition switch
    {
        Conjunction c => List("and", c.Parts.Select(Print)),
        Disjunction d => List("or", d.Parts.Select(Print)),
        Negation n => $"(not {Print(n.Body)})",
        Implication i => $"(imply {Print(i.Premise)} {Print(i.Conclusion)})",
        Universal u => $"(forall ({Variables(u.Variables)}) {Print(u.Body)})",
        Existential e => $"(exists ({Variables(e.Variables)}) {Print(e.Body)})",
        Atom a => List(a.Predicate.Name, a.Arguments.Select(t => t.ToString())),
        Equality e => $"(= {e.Left} {e.Right})",
        Comparison c => $"({Symbol(c.Operator)} {Print(c.Left)} {Print(c.Right)})",
        _ => throw new InvalidOperationException($"no such condition: {condition.GetType()}"),
    };

    public static string Print(Effect effect) => effect switch
    {
        EffectConjunction c => List("and", c.Parts.Select(Print)),
        AddEffect a => Print(a.Atom),
        DeleteEffect d => $"(not {Print(d.Atom)})",
        ConditionalEffect c => $"(when {Print(c.Condition)} {Print(c.Effect)})",
        UniversalEffect u => $"(forall ({Variables(u.Variables)}) {Print(u.Effect)})",
        NumericEffect n => $"({Symbol(n.Operator)} {Print(n.Target)} {Print(n.Amount)})",
        _ => throw new InvalidOperationException($"no such effect: {effect.GetType()}"),
    };

    public static string Print(NumericExpression expression) => expression switch
    {
        NumberLiteral n => n.Value.ToString(),
        FunctionTerm f => List(f.Function.Name, f.Arguments.Select(t => t.ToString())),
        Arithmetic a => List(Symbol(a.Operator), a.Operands.Select(Print)),
        TotalTime => "(total-time)",
        _ => throw new InvalidOperationException($"no such expression: {expression.GetType()}"),
    };

    public static string Print(GroundAtom fact) => List(fact.Predicate.Name, fact.Arguments.Select(o => o.Name));

    public static string Symbol(ComparisonOperator operation) => operation switch
    {
        ComparisonOperator.Less => "<",
        ComparisonOperator.LessOrEqual => "<=",
        ComparisonOperator.Equal => "=",
        ComparisonOperator.GreaterOrEqual => ">=",
        _ => ">",
    };

    private static string Print(InitialValue value) =>
        $"(= {List(value.Function.Name, value.Arguments.Select(o => o.Name))} {value.Value})";

    private static string Print(ActionSchema action) =>
        $"  (:action {action.Name}\n" +
        $"    :parameters ({Variables(action.Parameters)})\n" +
        $"    :precondition {Print(action.Precondition)}\n" +
        $"    :effect {Print(action.Effect)})\n";

    private static void Section(StringBuilder text, string keyword, string content)
    {
        if (content.Length > 0)
            text.Append($"  ({keyword} {content})\n");
    }

    private static string List(string head, IEnumerable<string?> rest) => $"({string.Join(' ', rest.Prepend(head))})";

    private static string Heading(string name, ImmutableArray<Parameter> parameters) =>
        parameters.IsEmpty ? $"({name})" : $"({name} {Variables(parameters)})";

    private static string Variables(ImmutableArray<Parameter> variables) =>
        TypedList(variables.Select(v => ($"?{v.Name}", v.Type)));

    /// <summary>Names with their types; a name without a type must not stand before one with a type, so it says object then.</summary>
    private static string TypedList(IEnumerable<(string Name, TypeName Type)> entries)
    {
        var all = entries.ToList();
        if (all.TrueForAll(e => e.Type.IsObject))
            return string.Join(' ', all.Select(e => e.Name));
        var text = new StringBuilder();
        for (var i = 0; i < all.Count; i++)
        {
            text.Append(i == 0 ? "" : " ").Append(all[i].Name);
            if (i + 1 == all.Count || !all[i + 1].Type.Equals(all[i].Type))
                text.Append($" - {all[i].Type}");
        }

        return text.ToString();
    }

    private static string Symbol(ArithmeticOperator operation) => operation switch
    {
        ArithmeticOperator.Add => "+",
        ArithmeticOperator.Subtract => "-",
        ArithmeticOperator.Multiply => "*",
        _ => "/",
    };

    private static string Symbol(UpdateOperator operation) => operation switch
    {
        UpdateOperator.Assign => "assign",
        UpdateOperator.Increase => "increase",
        UpdateOperator.Decrease => "decrease",
        UpdateOperator.ScaleUp => "scale-up",
        _ => "scale-down",
    };
}
