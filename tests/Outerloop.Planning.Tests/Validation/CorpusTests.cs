using Outerloop.Planning.Pddl;
using Outerloop.Planning.Validation;
using Xunit.Abstractions;

namespace Outerloop.Planning.Tests.Validation;

/// <summary>
/// Judges a corpus of plans with known verdicts, where the environment variable names its folder: <c>verdicts.tsv</c> has
/// the columns domain, problem, plan, kind, truth, failing_step, reason, cost.
/// </summary>
public sealed class CorpusTests(ITestOutputHelper output)
{
    private const string Variable = "OUTERLOOP_PDDL_CORPUS";

    [Fact]
    public void Every_verdict_of_the_corpus_is_the_true_one()
    {
        if (Environment.GetEnvironmentVariable(Variable) is not { Length: > 0 } folder)
        {
            output.WriteLine($"not run: {Variable} names no folder");
            return;
        }

        var validators = new Dictionary<string, PlanValidator>();
        var wrong = File.ReadLines(Path.Combine(folder, "verdicts.tsv")).Skip(1).Select(l => l.Split('\t'))
            .Select(row => (Expected: Expected(row), Found: Found(folder, row, validators)))
            .Where(pair => pair.Expected != pair.Found)
            .ToList();
        Assert.Empty(wrong);
    }

    private static string Expected(string[] row) => $"{row[2]} {row[4]} {row[5]} {row[7]}";

    /// <summary>What the corpus leaves open, a step or a cost, counts as agreeing.</summary>
    private static string Found(string folder, string[] row, Dictionary<string, PlanValidator> validators)
    {
        if (!validators.TryGetValue(row[1], out var validator))
        {
            var domain = PddlReader.ReadDomain(SourceFile.Read(Path.Combine(folder, row[0])).Required()).Required();
            var problem = PddlReader.ReadProblem(SourceFile.Read(Path.Combine(folder, row[1])).Required(), domain).Required();
            validators[row[1]] = validator = new PlanValidator(problem);
        }

        var verdict = validator.ValidateText(SourceFile.Read(Path.Combine(folder, row[2])).Required());
        var kind = verdict.Kind.ToString().ToLowerInvariant();
        return $"{row[2]} {kind} {(row[5].Length == 0 ? "" : verdict.Step)} {(row[7].Length == 0 ? "" : verdict.Cost)}";
    }
}
