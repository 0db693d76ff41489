namespace Outerloop.Cli.Commands.Bench;

/// <summary>A domain, problem and plan of which one is made to take as much memory as it can.</summary>
/// <param name="Name">What the large one holds.</param>
/// <param name="Domain">Writes the domain.</param>
/// <param name="Problem">Writes the problem.</param>
/// <param name="Plan">Writes the plan.</param>
internal sealed record HostileText(string Name, Action<TextWriter> Domain, Action<TextWriter> Problem, Action<TextWriter> Plan)
{
    private const int Million = 1_000_000;
    private const string Letters = "abcdefghijklmnopqrstuvwxyz0123456789_@#!$%&^~|";

    private static readonly Action<TextWriter> SmallDomain = text => text.Write(
        "(define (domain d) (:predicates (p ?x) (q ?x ?y)) (:functions (f ?x)) (:action a :parameters (?x) :effect (p ?x)))");

    private static readonly Action<TextWriter> SmallProblem = OfProblem(text => text.Write("b"), _ => { });

    private static readonly Action<TextWriter> NoPlan = _ => { };

    /// <summary>What any process takes, whatever it reads.</summary>
    public static HostileText None { get; } = new("nothing", SmallDomain, SmallProblem, NoPlan);

    public static IReadOnlyList<HostileText> All { get; } =
    [
        InDomain("a list of 14 million names in a domain", text => Repeat(text, 14 * Million, _ => "a ")),
        InDomain("14 million empty lists in a domain", text => Repeat(text, 14 * Million, _ => "() ")),
        InDomain("140,000 predicates", text => Repeat(text, 140_000, i => $"({ShortName(i)})")),
        InProblem("4 million times the same object", text => Repeat(text, 4 * Million, _ => "a "), _ => { }),
        InProblem("4 million objects with short names", text => Repeat(text, 4 * Million, i => $"{ShortName(i)} "), _ => { }),
        InProblem("a million objects and a million facts", Objects, text => Repeat(text, Million, i => $"(q ob{i} ob{i * 7L % Million})\n")),
        InProblem("a million objects and a million numbers", Objects, text => Repeat(text, Million, i => $"(= (f ob{i}) {i})\n")),
        InPlan("a plan of 4 million steps", text => Repeat(text, 4 * Million, _ => "(a b)\n")),
        InPlan("a plan of 2 million steps with times in disorder", text => Repeat(text, 2 * Million, i => $"{i * 7919L % 1_000_003}:(a b)\n")),
        InPlan("a plan of 14 million steps", text => Repeat(text, 14 * Million, _ => "(a b)\n")),
        InPlan("one step of 33 million names", text => Repeat(text, 33 * Million, i => i == 0 ? "(" : "a ")),
        InPlan("100 million characters without meaning", text => Repeat(text, Million, _ => new string('\0', 100))),
    ];

    /// <summary>Writes the three files, and says how many bytes they have.</summary>
    public (string[] Files, long Bytes) Write(string folder)
    {
        string[] files = [Write(folder, "domain.pddl", Domain), Write(folder, "problem.pddl", Problem), Write(folder, "plan", Plan)];
        return (files, files.Sum(file => new FileInfo(file).Length));
    }

    private static string Write(string folder, string name, Action<TextWriter> write)
    {
        string file = Path.Combine(folder, name);
        using var text = new StreamWriter(file);
        write(text);
        return file;
    }

    private static HostileText InDomain(string name, Action<TextWriter> predicates) => None with
    {
        Name = name,
        Domain = text =>
        {
            text.Write("(define (domain d) (:predicates ");
            predicates(text);
            text.Write("))");
        },
    };

    private static HostileText InProblem(string name, Action<TextWriter> objects, Action<TextWriter> init) =>
        None with { Name = name, Problem = OfProblem(objects, init) };

    private static HostileText InPlan(string name, Action<TextWriter> plan) => None with { Name = name, Plan = plan };

    private static Action<TextWriter> OfProblem(Action<TextWriter> objects, Action<TextWriter> init) => text =>
    {
        text.Write("(define (problem x) (:domain d) (:objects ");
        objects(text);
        text.Write(") (:init ");
        init(text);
        text.Write(") (:goal (and)))");
    };

    private static void Objects(TextWriter text) => Repeat(text, Million, i => $"ob{i} ");

    private static void Repeat(TextWriter text, int count, Func<int, string> piece)
    {
        for (int i = 0; i < count; i++)
            text.Write(piece(i));
    }

    /// <summary>Four letters, different for each number below four million.</summary>
    private static string ShortName(int number) => string.Create(4, number, (name, rest) =>
    {
        for (int i = 0; i < name.Length; i++, rest /= Letters.Length)
            name[i] = Letters[rest % Letters.Length];
    });
}
