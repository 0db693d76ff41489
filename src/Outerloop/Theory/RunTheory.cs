using Outerloop.Configuration;
using Outerloop.Model.Checkpoints;
using Outerloop.Model.Decoder;
using Outerloop.Planning.Domains;
using Outerloop.Runs;
using Outerloop.Storage;
using Outerloop.Tasks;
using Outerloop.Traces;

namespace Outerloop.Theory;

/// <summary>Finds in a run's folder what the analysis wants: policies, traces, the next generation.</summary>
public sealed class RunTheory
{
    private const int MostPolicies = 3;

    private readonly string _path;
    private readonly RunSettings _settings;
    private readonly RunStore _store;
    private readonly PlanningDomain _domain;

    private RunTheory(string path, RunSettings settings, RunStore store, PlanningDomain domain)
    {
        _path = path;
        _settings = settings;
        _store = store;
        _domain = domain;
    }

    /// <exception cref="InputException">There is no such generation, or it has nothing to look at.</exception>
    public static async Task<TheoryReport> Analyse(
        string path, TheoryRequest request, IProgress<TheoryProgress> progress, CancellationToken cancellation)
    {
        RunSettings settings = RunFolder.SettingsAt(path);
        string name = RunFolder.DomainOf(path, settings, request.Domain);
        if (settings.Temperature == 0)
            throw new InputException($"{path}: the run was deployed greedily; there are no probabilities to weigh traces by");
        await using RunStore store = await RunStore.Open(RunFolder.StoreOf(path), cancellation);
        var run = new RunTheory(path, settings, store, DomainCatalog.Find(name)!);
        try
        {
            return await run.Analyse(request, progress, cancellation);
        }
        catch (CheckpointException problem)
        {
            throw new InputException(problem.Message, problem);
        }
    }

    private async Task<TheoryReport> Analyse(TheoryRequest request, IProgress<TheoryProgress> progress, CancellationToken cancellation)
    {
        IReadOnlyList<GenerationRecord> records = await _store.Generations(_domain.Name);
        IReadOnlyList<PolicyTraces> pool = await Pool(records, request);
        double[]? fineTuning = FineTuning(records, pool[0]);
        var analysis = new TheoryAnalysis(_settings, request.Threads, progress, cancellation);
        (Proposition1 first, Proposition2 second, UpdateDirections update, LogProbError stored) =
            await Task.Run(() => analysis.Run(pool, fineTuning), cancellation);
        return new TheoryReport(
            _path, _domain.Name, pool[0].Record.Number, _settings.Temperature, first, second, update, stored);
    }

    /// <summary>The wanted generation and up to two before it.</summary>
    private async Task<IReadOnlyList<PolicyTraces>> Pool(IReadOnlyList<GenerationRecord> records, TheoryRequest request)
    {
        Dictionary<TaskId, PlanningTask> tasks = (await _store.Tasks(_domain.Name))
            .Where(task => task.Id.Set == TaskSet.Pool)
            .ToDictionary(task => task.Id, task => PlanningTask.Read(task.Id, task.Problem, _domain.Domain));
        ILookup<int, Trace> traces = (await _store.Traces(_domain.Name, TaskSet.Pool, 0, int.MaxValue))
            .Where(trace => trace.Outcome.IsTheModelsDoing() && trace.Tokens.Count > 0)
            .ToLookup(trace => trace.Id.Generation);
        if (records.Count > 0 && request.Generation is { } wanted && !records.Any(record => record.Number == wanted))
            throw new InputException($"--generation: the run has generations {records[0].Number} to {records[^1].Number}, not {wanted}");
        int target = request.Generation ?? records.Select(record => record.Number).Where(traces.Contains).DefaultIfEmpty(-1).Max();
        if (!records.Any(record => record.Number == target) || !traces[target].Take(request.Traces).Any(trace => trace.Outcome == Outcome.Valid))
            throw new InputException($"{_path}: generation {Math.Max(target, 0)} of {_domain.Name} has no valid trace to look at");
        return
        [
            .. records.Where(record => record.Number <= target && traces.Contains(record.Number))
                .OrderByDescending(record => record.Number)
                .Take(MostPolicies)
                .Select(record => PolicyTraces.Of(
                    FolderOf(record.Number), record, _settings.Temperature, _domain, [.. traces[record.Number].Take(request.Traces)], tasks)),
        ];
    }

    /// <summary>What the fine-tuning after a generation added to the weights that it began with.</summary>
    private double[]? FineTuning(IReadOnlyList<GenerationRecord> records, PolicyTraces target)
    {
        GenerationRecord? next = records.FirstOrDefault(record => record.Number == target.Record.Number + 1);
        if (next is null)
            return null;
        GenerationRecord start = records.First(record => record.Weights == next.BaseWeights);
        return UpdateAnalysis.Difference(Load(next), Load(start));
    }

    private Parameters Load(GenerationRecord record) =>
        PolicyTraces.AtTemperature(CheckpointFolder.Load(FolderOf(record.Number)).Parameters, _settings.Temperature);

    private string FolderOf(int generation) => RunFolder.GenerationOf(_path, _domain.Name, generation);
}
