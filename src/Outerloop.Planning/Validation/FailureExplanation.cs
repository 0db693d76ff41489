using Outerloop.Planning.Pddl;
using Outerloop.Planning.Validation.Compilation;

namespace Outerloop.Planning.Validation;

/// <summary>Says of a condition that does not hold which smallest part of it fails, with the values that it reads.</summary>
internal sealed class FailureExplanation(ObjectTable objects, Frame frame)
{
    private const int MostAlternatives = 4;

    public string Of(CompiledCondition condition) => condition switch
    {
        AtomTest a => $"{Applied(a.Relation, a.Arguments)} {(a.Wanted ? "does not hold" : "holds, but must not")}",
        EqualityTest e => OfEquality(e),
        ComparisonTest c => OfComparison(c),
        AllOf all => Of(all.Parts.First(p => !p.Holds(frame))),
        AnyOf { Parts: [] } => "the empty 'or' never holds",
        AnyOf any => OfAlternatives(any),
        Quantified { IsUniversal: true } q => OfUniversal(q),
        Quantified q => $"no choice of {Variables(q)} meets {q.Source}",
        _ => throw new InvalidOperationException($"no such condition: {condition.GetType()}"),
    };

    /// <summary>The first choice of the variables for which the body fails, found again by evaluating in order.</summary>
    private string OfUniversal(Quantified quantified)
    {
        if (quantified.Evaluate(frame) != Truth.False)
            return $"{quantified.Source} reads a number that has no value";
        var choice = quantified.Variables.Select(v => $"?{v.Name} = {Name(frame.Slots[v.Slot])}");
        return $"for {string.Join(", ", choice)}: {Of(quantified.Body)}";
    }

    private string OfAlternatives(AnyOf any)
    {
        var shown = any.Parts.Take(MostAlternatives).Select(Of);
        var more = any.Parts.Length > MostAlternatives ? $"; and {any.Parts.Length - MostAlternatives} more" : "";
        return $"no alternative holds: {string.Join("; ", shown)}{more}";
    }

    private string OfEquality(EqualityTest test)
    {
        var (left, right) = (Name(Terms.Resolve(test.Left, frame.Slots)), Name(Terms.Resolve(test.Right, frame.Slots)));
        return test.Wanted ? $"{left} and {right} are different objects" : $"{left} and {right} are the same object";
    }

    private string OfComparison(ComparisonTest test)
    {
        var relation = $"{Expression(test.Left)} {PddlPrinter.Symbol(test.Operation)} {Expression(test.Right)}";
        if (test.Evaluate(frame) == Truth.Undefined)
            return $"{relation} reads a number that has no value";
        return test.Wanted ? $"{relation} does not hold" : $"{relation} holds, but must not";
    }

    /// <summary>A fluent with its value; anything else by its value alone.</summary>
    private string Expression(CompiledExpression expression)
    {
        var value = expression.Evaluate(frame)?.ToString() ?? "undefined";
        return expression is FluentExpression f ? $"{Applied(f.Function, f.Arguments)} [{value}]" : value;
    }

    private string Applied(Relation relation, int[] terms) =>
        $"{relation.Name}({string.Join(", ", terms.Select(t => Name(Terms.Resolve(t, frame.Slots))))})";

    private string Name(int thing) => objects[thing].Name;

    private static string Variables(Quantified quantified) => string.Join(", ", quantified.Variables.Select(v => $"?{v.Name}"));
}
