using System.Text;

namespace Outerloop.Planning.Tests.Reference;

/// <summary>
/// The texts of a random domain and problem that use the whole language: a type hierarchy, constants, quantifiers,
/// conditional effects, axioms on three levels, numeric fluents, a metric. The same seed gives the same texts.
/// </summary>
internal sealed class RandomTask
{
    private static readonly (string Name, string[] Types)[] Predicates =
        [("p0", []), ("p1", ["t0"]), ("p2", ["t0", "t2"]), ("p3", ["object"]), ("p4", ["(either t1 t2)"])];

    private static readonly (string Name, string[] Types)[] Derived = [("d0", ["t0"]), ("d1", ["t2"]), ("d2", [])];

    private static readonly (string Name, string[] Types)[] Functions = [("f0", []), ("f1", ["t0"])];

    private static readonly string[] Types = ["t0", "t1", "t2", "object", "(either t1 t2)"];

    private static readonly (string Name, string Type)[] Constants = [("c0", "t1"), ("c1", "t2")];

    private readonly Random random;
    private readonly List<(string Name, string Type)> scope = [];
    private (string Name, string[] Types)[] readable = [.. Predicates, .. Derived];

    public RandomTask(int seed)
    {
        random = new Random(seed);
        scope.AddRange(Constants);
        Domain = WriteDomain();
        Problem = WriteProblem();
    }

    public string Domain { get; }

    public string Problem { get; }

    private string WriteDomain()
    {
        var text = new StringBuilder("(define (domain random) (:requirements :adl :fluents :derived-predicates)\n");
        text.Append("(:types t1 - t0 t0 t2 - object)\n(:constants c0 - t1 c1 - t2)\n");
        text.Append($"(:predicates {string.Join(' ', Predicates.Concat(Derived).Select(Declaration))})\n");
        text.Append($"(:functions {string.Join(' ', Functions.Select(Declaration))} (total-cost) - number)\n");
        readable = [.. Predicates, Derived[0]];
        text.Append($"(:derived (d0 ?v - t0) {Scoped([("?v", "t0")], () => $"(or (p1 ?v) {Positive()})")})\n");
        text.Append($"(:derived (d1 ?v - t2) {Scoped([("?v", "t2")], () => Condition(2))})\n");
        readable = [.. Predicates, .. Derived[..2]];
        text.Append($"(:derived (d2) (not {Condition(2)}))\n");
        text.Append($"(:derived (d2) (and (not (d0 c0)) {Comparison()}))\n");
        readable = [.. Predicates, .. Derived];
        for (var i = random.Next(1, 4); i > 0; i--)
            text.Append(Action(i));
        return text.Append(")\n").ToString();
    }

    private string WriteProblem()
    {
        var own = Enumerable.Range(0, random.Next(1, 5)).Select(i => ($"o{i}", random.Next(4) == 0 ? Pick(Types) : Pick(Types[..3]))).ToArray();
        scope.AddRange(own);
        var facts = Enumerable.Range(0, random.Next(8)).Select(_ => Apply(Pick(Predicates)));
        var values = Functions.Where(_ => random.Next(4) > 0).Select(Apply).Distinct().Select(f => $"(= {f} {Literal()})");
        return $"""
            (define (problem random-1) (:domain random)
            (:objects {string.Join(' ', own.Select(o => $"{o.Item1} - {o.Item2}"))})
            (:init {string.Join(' ', facts.Concat(values))})
            (:goal {Condition(3)})
            {(random.Next(2) == 0 ? $"(:metric {Pick(["minimize", "maximize"])} (+ (total-cost) (* 2 (total-time)) {Expression(1)}))" : "")})
            """;
    }

    private string Action(int index)
    {
        var parameters = Enumerable.Range(0, random.Next(3)).Select(i => ($"?x{i}", Pick(Types))).ToArray();
        return Scoped(parameters, () =>
            $"(:action a{index} :parameters ({string.Join(' ', parameters.Select(p => $"{p.Item1} - {p.Item2}"))})\n" +
            $"  :precondition {Condition(random.Next(4))}\n  :effect (and {Effect(3)} (increase (total-cost) {Pick(["1", "1", "(+ 1 0.5)", "(f0)"])})))\n");
    }

    private string Condition(int depth)
    {
        if (depth == 0 || random.Next(4) == 0)
            return random.Next(5) == 0 ? Comparison() : random.Next(6) == 0 ? $"(= {AnyTerm()} {AnyTerm()})" : Apply(Pick(readable));
        return random.Next(8) switch
        {
            0 or 1 => $"(and {Conditions(depth - 1)})",
            2 => $"(or {Conditions(depth - 1)})",
            3 => $"(imply {Condition(depth - 1)} {Condition(depth - 1)})",
            4 => Quantify("forall", () => Condition(depth - 1)),
            5 => Quantify("exists", () => Condition(depth - 1)),
            _ => $"(not {Condition(depth - 1)})",
        };
    }

    private string Conditions(int depth) =>
        string.Join(' ', Enumerable.Range(0, random.Next(4)).Select(_ => Condition(depth)));

    /// <summary>A recursive body for the lower axiom, without negation of what it defines.</summary>
    private string Positive() => random.Next(3) switch
    {
        0 => "(exists (?u - t0) (and (d0 ?u) (not (p3 ?u)) (not (= ?u ?v))))",
        1 => "(exists (?w - t2) (p2 ?v ?w))",
        _ => "(and (d0 c0) (p0))",
    };

    private string Comparison() => $"({Pick(["<", "<=", "=", ">=", ">"])} {Expression(2)} {Expression(1)})";

    private string Expression(int depth)
    {
        if (depth == 0 || random.Next(3) == 0)
            return random.Next(2) == 0 ? Literal() : Apply(Pick(Functions));
        return random.Next(5) switch
        {
            0 => $"(+ {Expression(depth - 1)} {Expression(depth - 1)} {Literal()})",
            1 => $"(- {Expression(depth - 1)} {Expression(depth - 1)})",
            2 => $"(* {Literal()} {Expression(depth - 1)})",
            3 => $"(/ {Expression(depth - 1)} {Pick(["0", "2", "4"])})",
            _ => $"(- {Expression(depth - 1)})",
        };
    }

    private string Effect(int depth)
    {
        if (depth == 0 || random.Next(4) == 0)
            return BasicEffect();
        return random.Next(5) switch
        {
            0 or 1 => $"(and {string.Join(' ', Enumerable.Range(0, random.Next(4)).Select(_ => Effect(depth - 1)))})",
            2 or 3 => $"(when {Condition(random.Next(3))} {Effect(depth - 1)})",
            _ => Quantify("forall", () => Effect(depth - 1)),
        };
    }

    private string BasicEffect()
    {
        if (random.Next(6) == 0)
            return $"({Pick(["assign", "increase", "increase", "decrease", "scale-up", "scale-down"])} {Apply(Pick(Functions))} {(random.Next(3) == 0 ? Expression(1) : Literal())})";
        var atom = Apply(Pick(Predicates));
        return random.Next(3) == 0 ? $"(not {atom})" : atom;
    }

    private string Quantify(string word, Func<string> body)
    {
        // Few names, so that inner variables often hide outer ones.
        var names = new[] { "?x0", "?x1", "?x2" };
        random.Shuffle(names);
        var variables = names.Take(random.Next(8) == 0 ? 0 : random.Next(1, 3)).Select(name => (Name: name, Type: Pick(Types))).ToArray();
        return $"({word} ({string.Join(' ', variables.Select(v => $"{v.Name} - {v.Type}"))}) {Scoped(variables, body)})";
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

    /// <summary>A term in scope that fits; a hidden variable does not count.</summary>
    private string Term(string wanted) =>
        Pick([.. scope.Where((s, i) => Fits(s, wanted) && scope.FindLastIndex(o => o.Name == s.Name) == i).Select(s => s.Name)]);

    private string AnyTerm() => Term("object");

    /// <summary>Objects of an either-type belong to each alternative; variables of one only to its union.</summary>
    private static bool Fits((string Name, string Type) term, string wanted) =>
        wanted == "object" || Below(term.Type, wanted) || (term.Type == "(either t1 t2)" && (wanted == term.Type || (!term.Name.StartsWith('?') && wanted is "t0" or "t1" or "t2")));

    private static bool Below(string type, string wanted) =>
        type == wanted || (type == "t1" && wanted == "t0") || (type is "t1" or "t2" && wanted == "(either t1 t2)");

    private static string Declaration((string Name, string[] Types) symbol) =>
        $"({symbol.Name}{string.Concat(symbol.Types.Select((t, i) => $" ?y{i} - {t}"))})";

    private string Literal() => Pick(["0", "1", "2", "-1", "0.5", "3"]);

    private T Pick<T>(T[] from) => from[random.Next(from.Length)];
}
