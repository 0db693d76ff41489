using System.Text.RegularExpressions;
using Outerloop.Planning.Pddl;
using Outerloop.Planning.Validation;

namespace Outerloop.Planning.Tests.Language;

/// <summary>
/// One point of the language: a domain, a problem and a plan in fragments, and the verdict that the definition of PDDL
/// demands. A file of cases has a name a line, and indented below it <c>key value</c> lines; a value goes on where the
/// indentation is deeper. <c>domain</c> holds sections, <c>domain!</c> and <c>problem!</c> whole texts.
/// </summary>
internal sealed partial class LanguageCase(string name, IReadOnlyDictionary<string, string> parts)
{
    private static readonly Dictionary<char, string> Escapes = new()
    {
        ['n'] = "\n",
        ['r'] = "\r",
        ['t'] = "\t",
        ['f'] = "\f",
        ['v'] = "\v",
        ['s'] = " ",
    };

    public string Name => name;

    /// <summary>The verdict as the file states it: a kind, and where they apply the step and the reason, or the cost.</summary>
    public string Expected => parts["expect"];

    private string Domain => parts.GetValueOrDefault("domain!") ??
        $"(define (domain d) (:predicates {Part("predicates", "(p) (q) (r) (m ?o) (e ?o ?u)")}) " +
        $"(:functions {Part("functions", "(x) (y) (g ?o) (total-cost)")}) {Part("domain")})";

    private string Problem => parts.GetValueOrDefault("problem!") ??
        $"(define (problem x) (:domain d) (:objects {Part("objects", "a b c")}) (:init {Part("init")}) (:goal {Part("goal", "(and)")}) {Part("more")})";

    public static IEnumerable<LanguageCase> ReadAll(string file)
    {
        foreach (var block in BlankLines().Split(File.ReadAllText(file).ReplaceLineEndings("\n")))
        {
            var lines = block.Split('\n').Where(line => line.Length > 0 && line[0] != '#').ToArray();
            if (lines.Length > 0)
                yield return new LanguageCase(lines[0], Parts(lines[1..]));
        }
    }

    public Verdict Judge()
    {
        var domain = PddlReader.ReadDomain(new SourceText("domain", Unescaped(Domain)));
        if (!domain.Ok)
            return ErrorOf(domain.Errors[0]);
        var problem = PddlReader.ReadProblem(new SourceText("problem", Unescaped(Problem)), domain.Value);
        return problem.Ok
            ? new PlanValidator(problem.Value).ValidateText(new SourceText("plan", Unescaped(Part("plan"))))
            : ErrorOf(problem.Errors[0]);
    }

    private static Verdict ErrorOf(Diagnostic error) => new(VerdictKind.Error, null, error.Code, error.ToString(), null);

    private string Part(string key, string otherwise = "") => parts.GetValueOrDefault(key, otherwise);

    private static Dictionary<string, string> Parts(string[] lines)
    {
        var parts = new Dictionary<string, string>();
        var key = "";
        foreach (var line in lines)
        {
            if (line.StartsWith("   ", StringComparison.Ordinal))
            {
                parts[key] += $"\n{line}";
                continue;
            }

            var words = line.Trim().Split(' ', 2);
            key = words[0];
            parts.Add(key, words.Length > 1 ? words[1] : "");
        }

        return parts;
    }

    private static string Unescaped(string text) => Escape().Replace(
        text, match => match.Value[1] == 'u' ? ((char)Convert.ToInt32(match.Value[2..], 16)).ToString() : Escapes[match.Value[1]]);

    [GeneratedRegex(@"\n\s*\n")]
    private static partial Regex BlankLines();

    [GeneratedRegex(@"\\(?:u[0-9A-F]{4}|[nrtfvs])")]
    private static partial Regex Escape();
}
