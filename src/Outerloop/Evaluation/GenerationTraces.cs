using Outerloop.Storage;
using Outerloop.Tasks;
using Outerloop.Traces;

namespace Outerloop.Evaluation;

/// <summary>All that one generation answered to the run's tasks, read once for all figures; without token ids.</summary>
internal sealed record GenerationTraces
{
    public required IReadOnlyList<Trace> Pool { get; init; }

    public required IReadOnlyList<Trace> HeldOut { get; init; }

    public required IReadOnlyList<Trace> Larger { get; init; }

    /// <summary>Sampled on the held-out tasks beyond the run's own.</summary>
    public required IReadOnlyList<Trace> HeldOutExtra { get; init; }

    /// <summary>The run's own.</summary>
    public IEnumerable<Trace> All => Pool.Concat(HeldOut).Concat(Larger);

    /// <summary>The run's own of one set.</summary>
    public IReadOnlyList<Trace> Of(TaskSet set) => set switch
    {
        TaskSet.Pool => Pool,
        TaskSet.HeldOut => HeldOut,
        TaskSet.Larger => Larger,
        _ => [],
    };

    public static async Task<GenerationTraces> Read(RunStore store, string domain, int generation) => new()
    {
        Pool = await store.Outlines(domain, TaskSet.Pool, generation, generation),
        HeldOut = await store.Outlines(domain, TaskSet.HeldOut, generation, generation),
        Larger = await store.Outlines(domain, TaskSet.Larger, generation, generation),
        HeldOutExtra = await store.ExtraOutlines(domain, TaskSet.HeldOut, generation),
    };
}
