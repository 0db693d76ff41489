using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;

namespace Outerloop.Planning.Pddl;

/// <summary>
/// A hash of a problem that does not depend on the names of its objects or the order of its facts, for finding copies in
/// sets of tasks. It is the colour refinement of Weisfeiler and Leman on the facts of initial state and goal: objects
/// start with their type (constants with their name) as colour, and each round mixes in the colours of all facts that
/// they take part in, until the number of colours no longer grows.
/// </summary>
/// <remarks>
/// Equal problems always agree. A few different ones may agree too, since colour refinement cannot tell all graphs
/// apart; for de-duplication that costs a task at worst.
/// </remarks>
public static class ProblemFingerprint
{
    public static string Of(Problem problem)
    {
        var refinement = new Refinement(problem);
        refinement.Run();
        return refinement.Digest();
    }

    private sealed class Refinement
    {
        private readonly Problem problem;
        private readonly Dictionary<string, int> indexOf = new(Names.Comparer);
        private readonly List<(ulong Label, int[] Arguments)> facts = [];
        private ulong[] colours;

        public Refinement(Problem problem)
        {
            this.problem = problem;
            foreach (var (thing, index) in problem.Objects.Select((o, i) => (o, i)))
                indexOf[thing.Name] = index;
            colours = [.. problem.Objects.Select(o => Text(o.IsConstant ? $"={o.Name}" : o.Type.ToString()))];
            foreach (var fact in problem.Init)
                Add("init", fact.Predicate.Name, fact.Arguments);
            foreach (var value in problem.InitialValues)
                Add($"value {value.Value}", value.Function.Name, value.Arguments);
        }

        public void Run()
        {
            var goal = new GoalColour(name => colours[indexOf[name]]);
            for (var classes = Classes(); ; classes = Classes())
            {
                Refine(goal);
                if (Classes() <= classes)
                    return;
            }
        }

        public string Digest()
        {
            var sums = facts.Select(Colour).Order();
            var goal = new GoalColour(name => colours[indexOf[name]]).Of(problem.Goal);
            var text = $"{problem.Domain.Name.ToLowerInvariant()} {Metric()} {goal:x} {Joined(colours.Order())} {Joined(sums)}";
            return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..32];
        }

        private string Metric() => problem.Metric is { } metric
            ? $"{metric.Minimize} {new GoalColour(name => colours[indexOf[name]]).Of(metric.Expression):x}"
            : "";

        private int Classes() => colours.Distinct().Count();

        private void Refine(GoalColour goal)
        {
            var next = (ulong[])colours.Clone();
            foreach (var fact in facts)
            {
                var colour = Colour(fact);
                for (var i = 0; i < fact.Arguments.Length; i++)
                    next[fact.Arguments[i]] += Mix(colour, (ulong)i + 1);
            }

            foreach (var (name, colour) in goal.Occurrences(problem.Goal))
                next[indexOf[name]] += colour;
            colours = [.. next.Select(c => Mix(c, 0x5EED))];
        }

        private ulong Colour((ulong Label, int[] Arguments) fact) =>
            fact.Arguments.Aggregate(fact.Label, (hash, argument) => Mix(hash, colours[argument]));

        private void Add(string kind, string name, ImmutableArray<PddlObject> arguments) =>
            facts.Add((Mix(Text(kind), Text(name)), [.. arguments.Select(a => indexOf[a.Name])]));

        private static string Joined(IEnumerable<ulong> values) => string.Join(',', values.Select(v => v.ToString("x")));
    }

    /// <summary>The finaliser of SplitMix64 over both values; the same on every machine, unlike string hash codes.</summary>
    internal static ulong Mix(ulong left, ulong right)
    {
        var z = (left * 0x9E3779B97F4A7C15) + right + 0xD1B54A32D192ED03;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    internal static ulong Text(string text) => text.Aggregate(0xCBF29CE484222325, (hash, c) => Mix(hash, char.ToLowerInvariant(c)));
}
