using Outerloop.Planning.Pddl;
using Outerloop.Planning.Validation.Compilation;

namespace Outerloop.Planning.Search.Grounding;

/// <summary>The initial values of numeric fluents, and which of them actions change.</summary>
internal sealed class StaticNumbers
{
    private readonly Dictionary<string, (NumberedSet<int> Arguments, List<Number> Values)> values = new(Names.Comparer);
    private readonly HashSet<string> changing = new(Names.Comparer);

    public StaticNumbers(Problem problem, ObjectTable objects)
    {
        foreach (var function in problem.Domain.Functions)
            values[function.Name] = (new NumberedSet<int>(function.Arity), []);
        foreach (var value in problem.InitialValues)
        {
            var (arguments, numbers) = values[value.Function.Name];
            if (arguments.Add([.. value.Arguments.Select(objects.IndexOf)]).IsNew)
                numbers.Add(value.Value);
        }

        foreach (var action in problem.Domain.Actions)
            Collect(action.Effect);
    }

    public bool IsChanging(Function function) => changing.Contains(function.Name);

    /// <summary>Whether the fluent has a number at the start, so that increasing it is always possible.</summary>
    public bool IsDefined(Function nullary) => nullary.IsTotalCost || values[nullary.Name].Values.Count > 0;

    /// <summary>An expression as a function of the binding; null where it reads what actions change.</summary>
    public StaticNumber? Lift(NumericExpression expression, Func<Term, int> slotOf) => expression switch
    {
        NumberLiteral n => _ => n.Value,
        FunctionTerm f when !IsChanging(f.Function) => Fluent(f, slotOf),
        Arithmetic a => Lift(a, slotOf),
        _ => null,
    };

    private StaticNumber Fluent(FunctionTerm fluent, Func<Term, int> slotOf)
    {
        var terms = fluent.Arguments.Select(slotOf).ToArray();
        var (arguments, numbers) = values[fluent.Function.Name];
        Number? silent = fluent.Function.IsTotalCost ? Number.Zero : null;
        return slots =>
        {
            var index = arguments.Find([.. terms.Select(t => Terms.Resolve(t, slots))]);
            return index < 0 ? silent : numbers[index];
        };
    }

    private StaticNumber? Lift(Arithmetic arithmetic, Func<Term, int> slotOf)
    {
        var operands = arithmetic.Operands.Select(o => Lift(o, slotOf)).ToArray();
        if (operands.Contains(null))
            return null;
        if (operands.Length == 1)
            return slots => arithmetic.Operator == ArithmeticOperator.Subtract ? -operands[0]!(slots) : operands[0]!(slots);
        return slots => operands.Skip(1).Aggregate(operands[0]!(slots), (left, right) => Apply(arithmetic.Operator, left, right!(slots)));
    }

    private static Number? Apply(ArithmeticOperator operation, Number? left, Number? right) => operation switch
    {
        ArithmeticOperator.Add => left + right,
        ArithmeticOperator.Subtract => left - right,
        ArithmeticOperator.Multiply => left * right,
        _ => right == Number.Zero ? null : left / right,
    };

    private void Collect(Effect effect)
    {
        if (effect is NumericEffect numeric)
            changing.Add(numeric.Target.Function.Name);
        else if (effect is ConditionalEffect conditional)
            Collect(conditional.Effect);
        else if (effect is UniversalEffect universal)
            Collect(universal.Effect);
        foreach (var part in (effect as EffectConjunction)?.Parts ?? [])
            Collect(part);
    }
}
