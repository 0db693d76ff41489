using Outerloop.Planning.Domains;
using Outerloop.Planning.Pddl;
using Outerloop.Planning.Validation;

namespace Outerloop.Cli.Commands.Bench;

/// <summary>The measurements of <c>bench pddl</c>: from the text of a plan to its verdict, on one thread unless said otherwise.</summary>
internal sealed class PddlBench(Stopwatch stopwatch, CancellationToken cancellation)
{
    private const int ProblemsOfBatch = 100;
    private const int PlansOfProblem = 20;

    private readonly Random _random = new(1);

    /// <summary>Problems of our own generators, no files needed.</summary>
    public IEnumerable<Measurement> Generated()
    {
        PlanningSample small = PlanningSample.OfSteps(10, 5, _random);
        yield return PlanInLoop(small, 1000);
        yield return PlanInLoop(PlanningSample.OfSteps(100, 30, _random), 200);
        yield return ReadAndJudge("500 blocks", PlanningSample.OfBlocks(500, _random));
        yield return ReadAndJudge("5 blocks", PlanningSample.OfBlocks(5, _random).Prolonged(100_000));
        yield return ReadAndJudge("10 rovers, 90 waypoints", Largest(new Rovers(), Difficulty.Medium));
        yield return ReadAndJudge("sokoban, 80 boxes on 100 × 100", Largest(new Sokoban(), Difficulty.Hard));
        foreach (Measurement row in InFolder(folder => [GeneratedBatch(folder), ProcessOf(small, folder)]))
            yield return row;
    }

    /// <summary>A folder of the layout of <see cref="BatchFile"/>: its largest problems one by one, then all of it.</summary>
    /// <exception cref="InputException">There is none; said before anything is measured.</exception>
    public IEnumerable<Measurement> Corpus(string folder)
    {
        string file = Path.Combine(folder, "verdicts.tsv");
        return Corpus(folder, file, ReadCorpus(file, folder));
    }

    private IEnumerable<Measurement> Corpus(string folder, string file, List<BatchRow> rows)
    {
        foreach (BatchRow row in CorpusSample.Largest(rows, 4, cancellation))
            yield return ReadAndJudge(row, folder);
        foreach (int threads in new[] { 1, Environment.ProcessorCount }.Distinct())
            yield return Batch($"corpus of {rows.Count} plans, {threads} thread{(threads == 1 ? "" : "s")}", rows, threads);
        yield return stopwatch.Milliseconds(
            "the same as a process, start to exit", 5, () => OwnProcess.Run(["pddl", "validate", "--batch", file, "--json"], 0, 1, 2));
    }

    private static List<BatchRow> ReadCorpus(string file, string folder)
    {
        try
        {
            return [.. BatchFile.Rows(File.ReadLines(file), file, folder)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"--corpus: {e.Message}");
        }
    }

    private PlanningSample Largest(PlanningDomain family, Difficulty difficulty)
    {
        SizeRanges sizes = family.Parameters.Aggregate(
            SizeRanges.Default, (all, parameter) => all.With(parameter.Name, parameter.Of(difficulty).Max, parameter.Of(difficulty).Max));
        return PlanningSample.Of(family, sizes, _random);
    }

    private Measurement PlanInLoop(PlanningSample sample, int repetitions)
    {
        var validator = new PlanValidator(sample.Read());
        var plan = new SourceText("plan", sample.PlanText);
        return stopwatch.Microseconds($"validate {sample.Steps} steps, problem read before", 21, repetitions, () => Expect(validator.ValidateText(plan, cancellation)));
    }

    private Measurement ReadAndJudge(string name, PlanningSample sample)
    {
        var plan = new SourceText("plan", sample.PlanText);
        return stopwatch.Milliseconds(
            $"read and validate {name}, {sample.Steps} steps, {sample.Characters / 1000} kB",
            11,
            () => Expect(new PlanValidator(sample.Read(), cancellation).ValidateText(plan, cancellation)));
    }

    private Measurement ReadAndJudge(BatchRow row, string folder) => Batch(
        $"read and validate {Path.GetRelativePath(folder, row.Plan)}, {CorpusSample.Bytes(row) / 1000} kB", [row], 1);

    private Measurement GeneratedBatch(string folder)
    {
        IEnumerable<BatchRow> rows = Enumerable.Range(0, ProblemsOfBatch).SelectMany(number =>
            Enumerable.Repeat(PlanningSample.OfBlocks(12, _random).WriteTo(folder, $"p{number}"), PlansOfProblem));
        return Batch(
            $"batch of {ProblemsOfBatch * PlansOfProblem} plans of {ProblemsOfBatch} problems with 12 blocks, all processors",
            [.. rows],
            Environment.ProcessorCount);
    }

    private Measurement ProcessOf(PlanningSample sample, string folder)
    {
        BatchRow row = sample.WriteTo(folder, "small");
        return stopwatch.Milliseconds(
            $"one plan of {sample.Steps} steps as a process, start to exit",
            11,
            () => OwnProcess.Run(["pddl", "validate", row.Domain, row.Problem, row.Plan, "--json"], 0));
    }

    private Measurement Batch(string name, List<BatchRow> rows, int threads) =>
        stopwatch.Milliseconds(name, 5, () =>
        {
            var validator = new BatchValidator(new BatchOptions { Threads = threads }, cancellation);
            int judged = validator.Validate(rows).ToBlockingEnumerable(cancellation).Count(row => row.Verdict.Kind != VerdictKind.Error);
            if (judged < rows.Count)
                throw new InputException($"{name}: {rows.Count - judged} plans could not be judged");
        });

    private static List<Measurement> InFolder(Func<string, List<Measurement>> measure)
    {
        string folder = Directory.CreateTempSubdirectory("outerloop-bench-").FullName;
        try
        {
            return measure(folder);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Expect(Verdict verdict)
    {
        if (!verdict.IsValid)
            throw new InvalidOperationException($"the plan of a measurement is {verdict}");
    }
}
