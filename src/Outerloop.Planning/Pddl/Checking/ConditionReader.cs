using System.Collections.Immutable;
using Outerloop.Planning.Pddl.Syntax;

namespace Outerloop.Planning.Pddl.Checking;

/// <summary>
/// Reads conditions. A wrong part is reported and replaced by the empty conjunction, so that the rest is checked too; the
/// text as a whole is refused then.
/// </summary>
internal sealed class ConditionReader(Checker checker, Vocabulary vocabulary, Scope scope)
{
    private static readonly string[] Words = ["and", "or", "not", "imply", "forall", "exists", "=", "<", "<=", ">", ">="];

    private readonly TermReader terms = new(checker, vocabulary, scope);

    /// <summary>Whether a condition that begins with this word is no atom.</summary>
    public static bool IsConnective(SyntaxNode head) => Words.Contains(head.Text, Names.Comparer);

    private NumericReader Numeric => new(checker, vocabulary, terms);

    public Condition Read(SyntaxNode node)
    {
        if (!node.IsList)
            return Wrong("expected-condition", node, $"expected a condition in parentheses, found {node.Shown}");
        var elements = node.Elements();
        if (elements.Length == 0)
            return Condition.True;
        if (!elements[0].IsSymbol)
            return Wrong("expected-condition", elements[0], $"expected 'and', a predicate or another condition, found {elements[0].Shown}");
        return Read(node, elements);
    }

    /// <summary>A predicate applied to arguments.</summary>
    public Atom? Atom(SyntaxNode[] elements)
    {
        if (checker.Name(elements[0], "a predicate") is not { } name)
            return null;
        if (vocabulary.Predicates.TryGetValue(name, out var predicate))
            return terms.Arguments(elements, name, predicate.Parameters) is { } arguments ? new Atom(predicate, arguments) : null;
        if (!vocabulary.Broken.Contains(name))
            checker.Unknown("predicate", elements[0], name, vocabulary.Predicates.Keys.Concat(Words));
        return null;
    }

    /// <summary>Reads the variables of a quantifier and, with them in scope, its body.</summary>
    public (ImmutableArray<Parameter> Variables, T Body)? Quantified<T>(SyntaxNode[] elements, Func<SyntaxNode, T> body)
    {
        if (elements.Length != 3 || !elements[1].IsList)
        {
            checker.Error("bad-quantifier", elements[0], $"expected ({elements[0].Text} (variables) body)");
            return null;
        }

        var variables = terms.Parameters(elements[1].GetEnumerator());
        scope.Enter(variables);
        var read = body(elements[2]);
        scope.Leave();
        return (variables, read);
    }

    private Condition Read(SyntaxNode node, SyntaxNode[] elements) => elements[0].Text.ToLowerInvariant() switch
    {
        "and" => new Conjunction(All(elements)),
        "or" => new Disjunction(All(elements)),
        "not" => Exactly(1, elements) ? new Negation(Read(elements[1])) : Condition.True,
        "imply" => Exactly(2, elements) ? new Implication(Read(elements[1]), Read(elements[2])) : Condition.True,
        "forall" => Quantified(elements, Read) is var (variables, body) ? new Universal(variables, body) : Condition.True,
        "exists" => Quantified(elements, Read) is var (variables, body) ? new Existential(variables, body) : Condition.True,
        "preference" when !vocabulary.Predicates.ContainsKey("preference") => Unsupported("preferences", node),
        "=" => Equality(elements),
        "<" => Comparison(elements, ComparisonOperator.Less),
        "<=" => Comparison(elements, ComparisonOperator.LessOrEqual),
        ">" => Comparison(elements, ComparisonOperator.Greater),
        ">=" => Comparison(elements, ComparisonOperator.GreaterOrEqual),
        _ => Atom(elements) ?? Condition.True,
    };

    private ImmutableArray<Condition> All(SyntaxNode[] elements) => [.. elements.Skip(1).Select(Read)];

    private Condition Equality(SyntaxNode[] elements)
    {
        if (!Exactly(2, elements))
            return Condition.True;
        if (NumericReader.LooksNumeric(elements[1]) || NumericReader.LooksNumeric(elements[2]))
            return Comparison(elements, ComparisonOperator.Equal);
        return terms.Read(elements[1]) is { } left && terms.Read(elements[2]) is { } right
            ? new Equality(left, right)
            : Condition.True;
    }

    private Condition Comparison(SyntaxNode[] elements, ComparisonOperator operation)
    {
        if (!Exactly(2, elements))
            return Condition.True;
        var (left, right) = (Numeric.Read(elements[1]), Numeric.Read(elements[2]));
        return left is null || right is null ? Condition.True : new Comparison(operation, left, right);
    }

    private bool Exactly(int operands, SyntaxNode[] elements)
    {
        if (elements.Length == operands + 1)
            return true;
        checker.Error("arity", elements[0], $"'{elements[0].Text}' takes {operands} operand{(operands == 1 ? "" : "s")}, not {elements.Length - 1}");
        return false;
    }

    private Condition Unsupported(string feature, SyntaxNode node)
    {
        checker.Unsupported(feature, node);
        return Condition.True;
    }

    private Condition Wrong(string code, SyntaxNode node, string message)
    {
        checker.Error(code, node, message);
        return Condition.True;
    }
}
