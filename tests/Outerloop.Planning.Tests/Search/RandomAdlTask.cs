using Outerloop.Planning.Pddl;

namespace Outerloop.Planning.Tests.Search;

/// <summary>
/// A random task with all that grounding compiles away: types, constants, equality, negation, disjunction, implication,
/// quantifiers, conditional and universal effects, a fact that no action changes.
/// </summary>
internal sealed class RandomAdlTask
{
    private static readonly (string Name, string[] Types)[] Predicates = [("p", []), ("q", ["t"]), ("r", ["t", "object"]), ("s", ["u"])];

    private static readonly (string Name, string[] Types)[] Readable = [.. Predicates, ("fixed", ["t"])];

    private static readonly string[] Types = ["t", "u", "object"];

    private readonly Random random;
    private readonly List<(string Name, string Type)> scope = [("c", "t1"), ("d", "u")];

    public RandomAdlTask(int seed)
    {
        random = new Random(seed);
        var domain = WriteDomain();
        scope.AddRange([.. new[] { ("o1", "t"), ("o2", "t1"), ("o3", "u") }.Where(_ => random.Next(2) == 0)]);
        Problem = Samples.Problem(domain, WriteProblem());
    }

    public Problem Problem { get; }

    private string WriteDomain()
    {
        var actions = string.Concat(Enumerable.Range(0, random.Next(4, 9)).Select(WriteAction));
        return $"""
            (define (domain random) (:types t1 - t t u - object) (:constants c - t1 d - u)
            (:predicates {string.Concat(Readable.Select(p => $"({p.Name}{string.Concat(p.Types.Select((t, i) => $" ?y{i} - {t}"))})"))})
            {actions})
            """;
    }

    private string WriteProblem()
    {
        var objects = string.Join(' ', scope.Skip(2).Select(o => $"{o.Name} - {o.Type}"));
        var init = string.Concat(Enumerable.Range(0, random.Next(3, 9)).Select(_ => Apply(Pick(Readable))));
        return $"(define (problem r) (:domain random) (:objects {objects}) (:init {init}) (:goal (and {Condition(random.Next(3))} {string.Concat(Enumerable.Range(0, 3).Select(_ => Apply(Pick(Predicates))))})))";
    }

    private string WriteAction(int index)
    {
        var parameters = Enumerable.Range(0, random.Next(1, 3)).Select(i => ($"?x{i}", Pick(Types))).ToArray();
        return Scoped(parameters, () =>
            $"(:action a{index} :parameters ({string.Join(' ', parameters.Select(p => $"{p.Item1} - {p.Item2}"))}) " +
            $":precondition (and {(random.Next(3) == 0 ? Literal() : "")} {Condition(random.Next(3))}) :effect (and {Effect(2)} {Effect(2)}))\n");
    }

    private string Condition(int depth)
    {
        if (depth == 0)
            return random.Next(6) == 0 ? $"(= {Term("object")} {Term("object")})" : Literal();
        return random.Next(7) switch
        {
            0 => $"(and {Condition(depth - 1)} {Condition(depth - 1)})",
            1 => $"(or {Condition(depth - 1)} {Condition(depth - 1)})",
            2 => $"(imply {Condition(depth - 1)} {Condition(depth - 1)})",
            3 => Quantify("forall", () => Condition(depth - 1)),
            4 => Quantify("exists", () => Condition(depth - 1)),
            5 => $"(not {Condition(depth - 1)})",
            _ => Literal(),
        };
    }

    private string Literal() => random.Next(3) == 0 ? $"(not {Apply(Pick(Readable))})" : Apply(Pick(Readable));

    private string Effect(int depth) => (depth == 0 ? 0 : random.Next(6)) switch
    {
        4 => $"(when {Condition(1)} {Effect(depth - 1)})",
        5 => Quantify("forall", () => Effect(depth - 1)),
        _ => random.Next(3) == 0 ? $"(not {Apply(Pick(Predicates))})" : Apply(Pick(Predicates)),
    };

    private string Quantify(string word, Func<string> body)
    {
        // Few names, so that inner variables hide outer ones.
        var variable = (Name: $"?x{random.Next(3)}", Type: Pick(Types));
        return $"({word} ({variable.Name} - {variable.Type}) {Scoped([variable], body)})";
    }

    private string Scoped((string, string)[] variables, Func<string> body)
    {
        scope.AddRange(variables);
        var text = body();
        scope.RemoveRange(scope.Count - variables.Length, variables.Length);
        return text;
    }

    private string Apply((string Name, string[] Types) symbol) =>
        symbol.Types.Length == 0 ? $"({symbol.Name})" : $"({symbol.Name} {string.Join(' ', symbol.Types.Select(Term))})";

    /// <summary>A term in scope that fits, preferably a variable; one that is hidden does not count.</summary>
    private string Term(string wanted)
    {
        var fitting = scope.Where((s, i) => Fits(s.Type, wanted) && scope.FindLastIndex(o => o.Name == s.Name) == i).Select(s => s.Name).ToArray();
        var variables = fitting.Where(n => n[0] == '?').ToArray();
        return variables.Length > 0 && random.Next(4) > 0 ? Pick(variables) : Pick(fitting);
    }

    private static bool Fits(string type, string wanted) => wanted == "object" || type == wanted || (type == "t1" && wanted == "t");

    private T Pick<T>(T[] from) => from[random.Next(from.Length)];
}
