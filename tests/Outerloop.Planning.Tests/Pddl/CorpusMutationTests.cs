using System.Globalization;
using Outerloop.Planning.Domains;
using Outerloop.Planning.Pddl;
using Outerloop.Planning.Validation;
using Xunit.Abstractions;

namespace Outerloop.Planning.Tests.Pddl;

/// <summary>
/// Damages real texts: of our own generators and, where an environment variable names its folder, of a corpus. Another
/// variable says how many inputs there shall be. Whatever the damage, there are errors or a verdict, within seconds.
/// </summary>
public sealed class CorpusMutationTests(ITestOutputHelper output)
{
    private const string CorpusVariable = "OUTERLOOP_PDDL_CORPUS";
    private const string InputsVariable = "OUTERLOOP_FUZZ_INPUTS";
    private const int InputsByDefault = 3000;
    private const int LargestText = 100_000;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private sealed record Sample(string Domain, string Problem, string Plan);

    [Fact]
    public void Damaged_texts_give_errors_or_a_verdict_and_never_an_exception()
    {
        var inputs = Environment.GetEnvironmentVariable(InputsVariable) is { Length: > 0 } wanted
            ? int.Parse(wanted, CultureInfo.InvariantCulture)
            : InputsByDefault;
        var samples = Corpus().Append(Generated()).ToArray();
        var kinds = new int[Enum.GetValues<VerdictKind>().Length];
        Parallel.For(0, inputs, i => Interlocked.Increment(ref kinds[(int)JudgeDamaged(samples[i % samples.Length], i)]));
        output.WriteLine($"{inputs} inputs from {samples.Length} samples: {string.Join(", ", kinds.Select((n, k) => $"{(VerdictKind)k} {n}"))}");
        Assert.Equal(inputs, kinds.Sum());
    }

    private static VerdictKind JudgeDamaged(Sample sample, int seed)
    {
        var random = new Random(seed);
        var target = random.Next(3);
        string Text(string text, int which) => which == target ? TextDamage.Apply(text, random) : text;
        try
        {
            return Judge(Text(sample.Domain, 0), Text(sample.Problem, 1), Text(sample.Plan, 2), random.Next(2) == 0);
        }
        catch (Exception bug) when (bug is not OperationCanceledException)
        {
            throw new InvalidOperationException($"input {seed}: {bug.Message}", bug);
        }
    }

    /// <summary>Running out of time is a verdict too.</summary>
    private static VerdictKind Judge(string domainText, string problemText, string planText, bool lenient)
    {
        using var limit = new CancellationTokenSource(Patience);
        var domain = Samples.ReadDomain(domainText);
        if (!domain.Ok)
            return ErrorOf(domain.Errors);
        var problem = Samples.ReadProblem(problemText, domain.Value);
        if (!problem.Ok)
            return ErrorOf(problem.Errors);
        Assert.NotEmpty(PddlPrinter.Print(domain.Value));
        try
        {
            var validator = new PlanValidator(problem.Value, limit.Token);
            var plan = new SourceText("plan", planText);
            return (lenient ? validator.ValidateLenient(plan, limit.Token) : validator.ValidateText(plan, limit.Token)).Kind;
        }
        catch (OperationCanceledException)
        {
            return VerdictKind.Error;
        }
    }

    private static VerdictKind ErrorOf(IEnumerable<Diagnostic> errors)
    {
        Assert.All(errors, error => Assert.NotEqual("", error.Render()));
        Assert.NotEmpty(errors);
        return VerdictKind.Error;
    }

    private static Sample Generated()
    {
        var blocksworld = new Blocksworld();
        var task = blocksworld.DrawUnsolved(blocksworld.PoolSizes, new Random(1));
        return new Sample(blocksworld.Pddl, task.Write("p", blocksworld.Name, new Random(1)), string.Join('\n', task.Witness));
    }

    /// <summary>All plans of small problems.</summary>
    private static IEnumerable<Sample> Corpus()
    {
        if (Environment.GetEnvironmentVariable(CorpusVariable) is not { Length: > 0 } folder)
            return [];
        var batch = Path.Combine(folder, "verdicts.tsv");
        var texts = new Dictionary<string, string>();
        return BatchFile.Rows(File.ReadLines(batch), batch, folder)
            .Where(row => new FileInfo(row.Problem).Length < LargestText && new FileInfo(row.Plan).Length < LargestText)
            .Select(row => new Sample(Read(row.Domain, texts), Read(row.Problem, texts), Read(row.Plan, texts)));
    }

    private static string Read(string file, Dictionary<string, string> texts) =>
        texts.TryGetValue(file, out var text) ? text : texts[file] = SourceFile.Read(file).Required().Text;
}
