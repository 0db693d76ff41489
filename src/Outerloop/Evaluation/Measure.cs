using System.Collections.Immutable;
using Outerloop.Tasks;
using Outerloop.Traces;

namespace Outerloop.Evaluation;

/// <summary>What generations and runs are compared by: the share of valid samples on one set of tasks.</summary>
public sealed record Measure(string Name, TaskSet Set, SampleMode Mode)
{
    public static Measure Pool { get; } = new("pool", TaskSet.Pool, SampleMode.Sampled);

    public static Measure HeldOut { get; } = new("held-out average@3", TaskSet.HeldOut, SampleMode.Sampled);

    public static Measure Greedy { get; } = new("held-out greedy", TaskSet.HeldOut, SampleMode.Greedy);

    public static Measure Larger { get; } = new("larger", TaskSet.Larger, SampleMode.Sampled);

    public static ImmutableArray<Measure> All { get; } = [Pool, HeldOut, Greedy, Larger];

    /// <summary>The scores of those traces of its set that were sampled its way.</summary>
    public SortedDictionary<TaskId, TaskScore> Of(IEnumerable<Trace> tracesOfSet) =>
        TaskScore.Of(tracesOfSet.Where(trace => trace.Id.Mode == Mode));

    public override string ToString() => Name;
}
