using Outerloop.Planning.Pddl;
using Outerloop.Planning.Validation;

namespace Outerloop.Cli.Commands.Bench;

/// <summary>The measurements of <c>bench pddl</c>: from the text of a plan to its verdict, on one thread unless said otherwise.</summary>
internal sealed class PddlBench(Stopwatch stopwatch, CancellationToken cancellation)
{
    public const string CorpusVariable = "OUTERLOOP_PDDL_CORPUS";

    private const int ProblemsOfBatch = 100;
    private const int PlansOfProblem = 20;

    private readonly Random _random = new(1);

    public List<Measurement> Run()
    {
        BlocksworldSample large = BlocksworldSample.OfBlocks(500, _random);
        List<Measurement> all =
        [
            PlanInLoop(BlocksworldSample.OfSteps(10, 5, _random), 1000),
            PlanInLoop(BlocksworldSample.OfSteps(100, 30, _random), 200),
            ReadAndJudge("parse and validate 500 blocks", large),
            ReadAndJudge("parse and validate 5 blocks", BlocksworldSample.OfBlocks(5, _random).Prolonged(100_000)),
            GeneratedBatch(),
        ];
        if (Environment.GetEnvironmentVariable(CorpusVariable) is { Length: > 0 } folder)
            all.AddRange(Corpus(folder, 1), Corpus(folder, Environment.ProcessorCount));
        return all;
    }

    private Measurement PlanInLoop(BlocksworldSample sample, int repetitions)
    {
        var validator = new PlanValidator(sample.Read());
        var plan = new SourceText("plan", sample.PlanText);
        return stopwatch.Microseconds($"validate {sample.Steps} steps, problem read before", 21, repetitions, () => Expect(validator.ValidateText(plan, cancellation)));
    }

    private Measurement ReadAndJudge(string name, BlocksworldSample sample)
    {
        var plan = new SourceText("plan", sample.PlanText);
        return stopwatch.Milliseconds(
            $"{name}, {sample.Steps} steps, {(sample.ProblemText.Length + sample.PlanText.Length) / 1000} kB",
            11,
            () => Expect(new PlanValidator(sample.Read(), cancellation).ValidateText(plan, cancellation)));
    }

    private Measurement GeneratedBatch()
    {
        string folder = Directory.CreateTempSubdirectory("outerloop-bench-").FullName;
        try
        {
            List<BatchRow> rows = WriteBatch(folder);
            return Batch($"batch of {rows.Count} plans of {ProblemsOfBatch} problems with 12 blocks, all processors", rows, Environment.ProcessorCount);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private List<BatchRow> WriteBatch(string folder)
    {
        string domain = Path.Combine(folder, "domain.pddl");
        File.WriteAllText(domain, BlocksworldSample.DomainText);
        var rows = new List<BatchRow>();
        for (int number = 0; number < ProblemsOfBatch; number++)
        {
            BlocksworldSample sample = BlocksworldSample.OfBlocks(12, _random);
            string problem = Path.Combine(folder, $"p{number}.pddl"), plan = Path.Combine(folder, $"p{number}.plan");
            File.WriteAllText(problem, sample.ProblemText);
            File.WriteAllText(plan, sample.PlanText);
            rows.AddRange(Enumerable.Repeat(new BatchRow(plan, domain, problem, plan), PlansOfProblem));
        }

        return rows;
    }

    private Measurement Corpus(string folder, int threads)
    {
        string file = Path.Combine(folder, "verdicts.tsv");
        List<BatchRow> rows = [.. BatchFile.Rows(File.ReadLines(file), file, folder)];
        return Batch($"corpus of {rows.Count} plans, {threads} thread{(threads == 1 ? "" : "s")}", rows, threads);
    }

    private Measurement Batch(string name, List<BatchRow> rows, int threads) =>
        stopwatch.Milliseconds(name, 5, () =>
        {
            var validator = new BatchValidator(new BatchOptions { Threads = threads }, cancellation);
            int judged = validator.Validate(rows).ToBlockingEnumerable(cancellation).Count(row => row.Verdict.Kind != VerdictKind.Error);
            if (judged < rows.Count)
                throw new InputException($"{name}: {rows.Count - judged} plans could not be judged");
        });

    private static void Expect(Verdict verdict)
    {
        if (!verdict.IsValid)
            throw new InvalidOperationException($"the plan of a measurement is {verdict}");
    }
}
