using System.Collections.Immutable;

namespace Outerloop.Planning.Pddl;

/// <summary>What can be compared, assigned, or optimised.</summary>
public abstract record NumericExpression
{
    private protected NumericExpression()
    {
    }

    public sealed override string ToString() => PddlPrinter.Print(this);
}

public sealed record NumberLiteral(Number Value) : NumericExpression;

/// <summary>The value of a numeric fluent.</summary>
public sealed record FunctionTerm(Function Function, ImmutableArray<Term> Arguments) : NumericExpression;

public enum ArithmeticOperator
{
    Add,
    Subtract,
    Multiply,
    Divide,
}

/// <summary>One or more operands, folded from the left; a lone operand of <c>-</c> is negated.</summary>
public sealed record Arithmetic(ArithmeticOperator Operator, ImmutableArray<NumericExpression> Operands) : NumericExpression;

/// <summary><c>total-time</c> in a metric: for plans without durations, the number of happenings.</summary>
public sealed record TotalTime : NumericExpression;
