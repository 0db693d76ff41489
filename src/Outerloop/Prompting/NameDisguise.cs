using System.Text.RegularExpressions;
using Outerloop.Planning.Pddl;

namespace Outerloop.Prompting;

/// <summary>
/// Other names for all that a domain and a problem name: actions, predicates, types, objects, variables. The names mean
/// nothing, so that a model which has read about the domain does not recognise it; the task stays what it is. The same
/// name is disguised the same way throughout a run, but where two would be given the same.
/// </summary>
public sealed partial class NameDisguise
{
    private const string Consonants = "bdfgklmnprstvz", Vowels = "aeiou";
    private const int Syllables = 3;

    /// <summary>Words of PDDL itself, which stay.</summary>
    private static readonly HashSet<string> OfTheLanguage = new(
        [
            "define", "domain", "problem", "and", "or", "not", "imply", "forall", "exists", "when", "either", "object", "number", "increase", "decrease",
            "assign", "scale-up", "scale-down", "minimize", "maximize", "total-cost", "total-time",
        ],
        StringComparer.OrdinalIgnoreCase);

    private readonly Dictionary<string, string> _hidden = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, string> _shown = new(StringComparer.OrdinalIgnoreCase);

    /// <param name="problem">Whose names, with those of its domain, are disguised.</param>
    /// <param name="seed">Draws the names.</param>
    public NameDisguise(Problem problem, Seed seed)
    {
        string[] words = [.. Words(PddlPrinter.Print(problem.Domain)).Concat(Words(PddlPrinter.Print(problem))).Distinct(StringComparer.OrdinalIgnoreCase)];
        HashSet<string> taken = new(words, StringComparer.OrdinalIgnoreCase);
        foreach (string word in words)
        {
            string name = Enumerable.Range(0, int.MaxValue).Select(attempt => Draw(seed.Then(word.ToLowerInvariant()).Then(attempt).ToRandom())).First(taken.Add);
            _hidden[word] = name;
            _shown[name] = word;
        }
    }

    /// <summary>PDDL, or a plan, in the other names.</summary>
    public string Hide(string pddl) => Word().Replace(pddl, match => _hidden.GetValueOrDefault(match.Value, match.Value));

    /// <summary>A text with the own names in place of the others, wherever they stand.</summary>
    public string Reveal(string text) => Word().Replace(text, match => _shown.GetValueOrDefault(match.Value, match.Value));

    private static IEnumerable<string> Words(string pddl) =>
        Word().Matches(pddl).Where(match => !OfTheLanguage.Contains(match.Value)).Select(match => match.Value);

    private static string Draw(Random random) => string.Concat(
        Enumerable.Range(0, Syllables).Select(_ => $"{Consonants[random.Next(Consonants.Length)]}{Vowels[random.Next(Vowels.Length)]}"));

    /// <summary>A name of PDDL that is no keyword such as <c>:action</c>; of a variable, what follows the question mark.</summary>
    [GeneratedRegex(@"(?<![:A-Za-z0-9_-])[A-Za-z][A-Za-z0-9_-]*", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Word();
}
