using Outerloop.Planning.Pddl;

namespace Outerloop.Planning.Validation.Compilation;

/// <summary>A numeric expression; its value is null where it reads an undefined number or divides by zero.</summary>
internal abstract class CompiledExpression
{
    public abstract Number? Evaluate(Frame frame);
}

internal sealed class ConstantExpression(Number value) : CompiledExpression
{
    public override Number? Evaluate(Frame frame) => value;
}

internal sealed class FluentExpression(Relation function, int[] terms) : CompiledExpression
{
    public Relation Function => function;

    public int[] Arguments => terms;

    public override Number? Evaluate(Frame frame) =>
        frame.State.TryGetValue(function.FactOf(terms, frame.Slots), out var value) ? value : null;
}

internal sealed class ArithmeticExpression(ArithmeticOperator operation, CompiledExpression[] operands) : CompiledExpression
{
    public CompiledExpression[] Operands => operands;

    public override Number? Evaluate(Frame frame)
    {
        if (operands[0].Evaluate(frame) is not { } result)
            return null;
        if (operands.Length == 1)
            return operation == ArithmeticOperator.Subtract ? -result : result;
        for (var i = 1; i < operands.Length; i++)
        {
            if (operands[i].Evaluate(frame) is not { } operand || (operation == ArithmeticOperator.Divide && operand == Number.Zero))
                return null;
            result = Apply(result, operand);
            if (result.IsTooLarge)
                throw OutgrownException.Number();
        }

        return result;
    }

    private Number Apply(Number left, Number right) => operation switch
    {
        ArithmeticOperator.Add => left + right,
        ArithmeticOperator.Subtract => left - right,
        ArithmeticOperator.Multiply => left * right,
        _ => left / right,
    };
}

/// <summary>The number of happenings so far, which the validator supplies through the frame.</summary>
internal sealed class TotalTimeExpression : CompiledExpression
{
    public override Number? Evaluate(Frame frame) => Number.Of(frame.Happenings);
}
