using Outerloop.Planning.Pddl;

namespace Outerloop.Planning.Validation;

/// <summary>
/// Judges many plans of many problems on several threads, with the verdicts in the order of the rows. A domain or problem
/// is read once for all its plans, and no row can affect the verdict of another one.
/// </summary>
public sealed class BatchValidator
{
    private readonly BatchOptions options;
    private readonly CancellationToken cancellation;
    private readonly BoundedCache<string, LoadedDomain> domains;
    private readonly BoundedCache<TaskFiles, LoadedTask> tasks;

    /// <param name="options">How to judge.</param>
    /// <param name="cancellation">Stops the batch.</param>
    public BatchValidator(BatchOptions options, CancellationToken cancellation = default)
    {
        this.options = options;
        this.cancellation = cancellation;
        domains = new(options.CachedCharacters, LoadedDomain.Load, loaded => loaded.Size);
        tasks = new(options.CachedCharacters, LoadTask, loaded => loaded.Size);
    }

    /// <summary>The verdicts in the order of the rows, each as soon as it and those before it are known.</summary>
    public IAsyncEnumerable<BatchVerdict> Validate(IEnumerable<BatchRow> rows) =>
        OrderedWork.Run(rows, Judge, options.Threads, cancellation);

    /// <summary>Judges one row. A bug that it meets neither stops the others nor looks like a wrong plan.</summary>
    public BatchVerdict Judge(BatchRow row)
    {
        try
        {
            return JudgePlan(row);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return Failed(row, Reasons.TimeLimit, $"not judged within {options.TimeLimit.TotalSeconds:0.###} s");
        }
        catch (Exception bug) when (bug is not OperationCanceledException)
        {
            return Failed(row, Reasons.Internal, $"the validator failed: {bug.GetType().Name}: {bug.Message.ReplaceLineEndings(" ")}");
        }
    }

    private BatchVerdict JudgePlan(BatchRow row)
    {
        if (row.Fault is not null)
            return Failed(row, Reasons.BadRow, row.Fault);
        var task = tasks.Get(new TaskFiles(row.Domain, row.Problem));
        if (task.Validator is null)
            return new BatchVerdict(row.Name, task.Fault!, []);
        var source = SourceFile.Read(row.Plan);
        if (!source.Ok)
            return new BatchVerdict(row.Name, LoadedTask.FaultOf(source.Errors), []);
        using var limit = Limit();
        var reading = options.Lenient ? LenientPlanReader.Read(source.Value) : new LenientReading(PlanReader.Read(source.Value), []);
        return new BatchVerdict(row.Name, task.Validator.Judge(reading.Reading, limit.Token), reading.Skipped);
    }

    private static BatchVerdict Failed(BatchRow row, string reason, string message) =>
        new(row.Name, new Verdict(VerdictKind.Error, null, reason, message, null), []);

    private LoadedTask LoadTask(TaskFiles files)
    {
        using var limit = Limit();
        return LoadedTask.Load(domains.Get(files.Domain).Reading, files.Problem, limit.Token);
    }

    private CancellationTokenSource Limit()
    {
        var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(options.TimeLimit);
        return limit;
    }
}
