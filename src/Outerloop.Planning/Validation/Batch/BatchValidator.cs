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
        domains = new(options.CachedCharacters, file => LoadedDomain.Of(SourceFile.Read(file)), loaded => loaded.Size);
        tasks = new(options.CachedCharacters, LoadTask, loaded => loaded.Size);
    }

    /// <summary>The verdicts in the order of the rows, each as soon as it and those before it are known.</summary>
    public IAsyncEnumerable<BatchVerdict> Validate(IEnumerable<BatchRow> rows) =>
        OrderedWork.Run(rows, Judge, options.Threads, cancellation);

    /// <summary>Judges one row. A bug that it meets neither stops the others nor looks like a wrong plan.</summary>
    public BatchVerdict Judge(BatchRow row) => Guarded(row.Name, () => row.Fault is null
        ? JudgePlan(row.Name, tasks.Get(new TaskFiles(row.Domain, row.Problem)), () => SourceFile.Read(row.Plan))
        : Failed(row.Name, Reasons.BadRow, row.Fault));

    /// <summary>Judges a plan by its texts, under the same rules as a row; nothing of them is kept.</summary>
    public BatchVerdict Judge(string name, Reading<SourceText> domain, Reading<SourceText> problem, Reading<SourceText> plan) => Guarded(name, () =>
    {
        using var limit = Limit();
        return JudgePlan(name, LoadedTask.Load(LoadedDomain.Of(domain).Reading, problem, limit.Token), () => plan);
    });

    private BatchVerdict Guarded(string name, Func<BatchVerdict> judge)
    {
        try
        {
            return judge();
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return Failed(name, Reasons.TimeLimit, $"not judged within {options.TimeLimit.TotalSeconds:0.###} s");
        }
        catch (Exception bug) when (bug is not OperationCanceledException)
        {
            return Failed(name, Reasons.Internal, $"the validator failed: {bug.GetType().Name}: {bug.Message.ReplaceLineEndings(" ")}");
        }
    }

    private BatchVerdict JudgePlan(string name, LoadedTask task, Func<Reading<SourceText>> readPlan)
    {
        if (task.Validator is null)
            return new BatchVerdict(name, task.Fault!, []);
        var source = readPlan();
        if (!source.Ok)
            return new BatchVerdict(name, LoadedTask.FaultOf(source.Errors), []);
        using var limit = Limit();
        if (!options.Lenient)
            return new BatchVerdict(name, task.Validator.ValidateText(source.Value, limit.Token), []);
        var reading = task.Validator.ReadLenient(source.Value);
        return new BatchVerdict(name, task.Validator.Judge(reading.Reading, limit.Token), reading.Skipped);
    }

    private static BatchVerdict Failed(string name, string reason, string message) =>
        new(name, new Verdict(VerdictKind.Error, null, reason, message, null), []);

    private LoadedTask LoadTask(TaskFiles files)
    {
        using var limit = Limit();
        return LoadedTask.Load(domains.Get(files.Domain).Reading, SourceFile.Read(files.Problem), limit.Token);
    }

    private CancellationTokenSource Limit()
    {
        var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(options.TimeLimit);
        return limit;
    }
}
