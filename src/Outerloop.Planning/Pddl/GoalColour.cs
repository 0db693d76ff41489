using System.Collections.Immutable;

namespace Outerloop.Planning.Pddl;

/// <summary>
/// Hashes a condition by its structure, with objects by colour and variables by their depth of binding. The parts of
/// 'and' and 'or' count in any order.
/// </summary>
internal sealed class GoalColour(Func<string, ulong> colourOf)
{
    private readonly List<string> bound = [];
    private Action<string, ulong>? visit;

    public ulong Of(Condition condition) => Of(condition, 1);

    public ulong Of(NumericExpression expression) => expression switch
    {
        NumberLiteral n => ProblemFingerprint.Text(n.Value.ToString()),
        FunctionTerm f => Applied(f.Function.Name, f.Arguments, 1),
        Arithmetic a => a.Operands.Aggregate((ulong)a.Operator + 11, (hash, o) => Mix(hash, Of(o))),
        _ => 13,
    };

    /// <summary>For each mention of an object, the colour of the place where it is mentioned.</summary>
    public List<(string Name, ulong Colour)> Occurrences(Condition condition)
    {
        var found = new List<(string, ulong)>();
        visit = (name, colour) => found.Add((name, colour));
        Of(condition, 1);
        visit = null;
        return found;
    }

    /// <param name="condition">The condition to hash.</param>
    /// <param name="path">What the condition stands in, so that an object under 'not' differs from one that is not.</param>
    private ulong Of(Condition condition, ulong path) => condition switch
    {
        Conjunction { Parts: [var only] } => Of(only, path),
        Conjunction c => Unordered(c.Parts, 2, path),
        Disjunction d => Unordered(d.Parts, 3, path),
        Negation n => Mix(4, Of(n.Body, Mix(path, 4))),
        Implication i => Mix(Mix(5, Of(i.Premise, Mix(path, 5))), Of(i.Conclusion, Mix(path, 6))),
        Universal u => Quantified(u.Variables, u.Body, 7, path),
        Existential e => Quantified(e.Variables, e.Body, 8, path),
        Atom a => Applied(a.Predicate.Name, a.Arguments, path),
        Equality e => Applied("=", [e.Left, e.Right], path),
        Comparison c => Mix(Mix(Of(c.Left), Of(c.Right)), (ulong)c.Operator + 9),
        _ => 10,
    };

    /// <summary>'and' adds nothing to the path, so that nesting it changes no colour of an object.</summary>
    private ulong Unordered(ImmutableArray<Condition> parts, ulong kind, ulong path) =>
        parts.Aggregate(kind, (sum, part) => sum + Mix(kind, Of(part, kind == 2 ? path : Mix(path, kind))));

    private ulong Quantified(ImmutableArray<Parameter> variables, Condition body, ulong kind, ulong path)
    {
        bound.AddRange(variables.Select(v => v.Name));
        var types = variables.Aggregate(kind, (hash, v) => Mix(hash, ProblemFingerprint.Text(v.Type.ToString())));
        var result = Mix(types, Of(body, Mix(path, types)));
        bound.RemoveRange(bound.Count - variables.Length, variables.Length);
        return result;
    }

    private ulong Applied(string name, ImmutableArray<Term> arguments, ulong path)
    {
        var hash = arguments.Aggregate(ProblemFingerprint.Text(name), (sum, argument) => Mix(sum, ColourOf(argument)));
        for (var i = 0; i < arguments.Length && visit is not null; i++)
        {
            if (arguments[i] is ObjectTerm term)
                visit(term.Object.Name, Mix(Mix(hash, path), 0x60A1 + (ulong)i));
        }

        return hash;
    }

    private ulong ColourOf(Term term) => term is ObjectTerm found
        ? colourOf(found.Object.Name)
        : (ulong)bound.FindLastIndex(b => Names.Same(b, ((VariableTerm)term).Name)) + 100;

    private static ulong Mix(ulong left, ulong right) => ProblemFingerprint.Mix(left, right);
}
