using System.Collections.Immutable;
using Outerloop.Planning.Pddl.Syntax;

namespace Outerloop.Planning.Pddl.Checking;

/// <summary>Reads numbers, numeric fluents and arithmetic.</summary>
internal sealed class NumericReader(Checker checker, Vocabulary vocabulary, TermReader terms)
{
    public static bool LooksNumeric(SyntaxNode node) =>
        node.IsList || (node.IsSymbol && Number.TryParse(node.Span, out _));

    public NumericExpression? Read(SyntaxNode node)
    {
        if (node.IsSymbol && Number.TryParse(node.Span, out var number))
            return new NumberLiteral(number);
        if (IsTotalTime(node))
            return new TotalTime();
        if (node.IsList && node.Head is { } head && OperatorOf(head) is { } operation)
            return Arithmetic(node, operation);
        return Function(node);
    }

    /// <summary>A numeric fluent; one without arguments may stand without parentheses.</summary>
    public FunctionTerm? Function(SyntaxNode node)
    {
        var elements = node.IsList ? node.Elements() : [node];
        if (elements.Length == 0 || checker.Name(elements[0], "a function") is not { } name)
        {
            if (elements.Length == 0)
                checker.Error("expected-number", node, "expected a number or a function");
            return null;
        }

        if (vocabulary.Functions.TryGetValue(name, out var function))
            return terms.Arguments(elements, name, function.Parameters) is { } arguments ? new FunctionTerm(function, arguments) : null;
        if (!vocabulary.Broken.Contains(name))
            checker.Unknown("function", elements[0], name, vocabulary.Functions.Keys);
        return null;
    }

    private bool IsTotalTime(SyntaxNode node)
    {
        var name = node.IsList ? node.Elements() is [var only] ? only : node : node;
        return name.Is("total-time") && !vocabulary.Functions.ContainsKey("total-time");
    }

    private Arithmetic? Arithmetic(SyntaxNode node, ArithmeticOperator operation)
    {
        var given = node.Elements()[1..];
        var least = operation == ArithmeticOperator.Divide ? 2 : 1;
        if (given.Length < least)
        {
            checker.Error("arity", node, $"'{node.Head!.Value.Text}' takes at least {least} operands");
            return null;
        }

        var operands = given.Select(Read).OfType<NumericExpression>().ToImmutableArray();
        return operands.Length == given.Length ? new Arithmetic(operation, operands) : null;
    }

    private static ArithmeticOperator? OperatorOf(SyntaxNode head) => head switch
    {
        _ when head.Is("+") => ArithmeticOperator.Add,
        _ when head.Is("-") => ArithmeticOperator.Subtract,
        _ when head.Is("*") => ArithmeticOperator.Multiply,
        _ when head.Is("/") => ArithmeticOperator.Divide,
        _ => null,
    };
}
