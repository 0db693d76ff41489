using Outerloop.Curation;
using Outerloop.Tests.Support;
using Outerloop.Traces;

namespace Outerloop.Tests.Curation;

public sealed class FewestStepsCuratorTests
{
    private readonly ICurator _curator = CuratorCatalog.Create("fewest-steps", new Seed(0));

    [Fact]
    public void Only_valid_traces_are_kept_and_one_for_each_task()
    {
        IReadOnlyList<Trace> kept = _curator.Curate(
        [
            SomeTrace.Of(1, outcome: Outcome.Invalid, steps: 1),
            SomeTrace.Of(1, generation: 1, steps: 6),
            SomeTrace.Of(1, generation: 2, steps: 5),
            SomeTrace.Of(0, generation: 2, outcome: Outcome.Truncated),
            SomeTrace.Of(2),
        ]);

        Assert.Equal([(1, 2), (2, 0)], kept.Select(trace => (trace.Id.Task.Number, trace.Id.Generation)));
    }

    [Fact]
    public void Ties_go_to_fewer_reasoning_tokens_then_to_the_earlier_generation_then_to_the_earlier_sample()
    {
        Trace[] bySteps = [SomeTrace.Of(1, steps: 4, reasoning: 9, generation: 3), SomeTrace.Of(1, steps: 5, reasoning: 1)];
        Trace[] byReasoning = [SomeTrace.Of(2, reasoning: 2, generation: 3), SomeTrace.Of(2, reasoning: 3)];
        Trace[] byGeneration = [SomeTrace.Of(3, generation: 2, sample: 0), SomeTrace.Of(3, generation: 1, sample: 5)];
        Trace[] bySample = [SomeTrace.Of(4, sample: 4), SomeTrace.Of(4, sample: 2)];

        IReadOnlyList<Trace> kept = _curator.Curate([.. bySteps, .. byReasoning, .. byGeneration, .. bySample]);

        Assert.Equal([bySteps[0], byReasoning[0], byGeneration[1], bySample[1]], kept);
    }

    [Fact]
    public void The_order_in_which_traces_come_says_nothing()
    {
        Trace[] traces = [.. from task in Enumerable.Range(0, 9) from generation in Enumerable.Range(0, 4) select SomeTrace.Of(task, generation, steps: 3 + ((task * generation) % 3))];
        IReadOnlyList<Trace> kept = _curator.Curate(traces);
        for (int seed = 0; seed < 20; seed++)
        {
            Trace[] shuffled = [.. traces];
            new Seed((ulong)seed).ToRandom().Shuffle(shuffled);
            Assert.Equal(kept, _curator.Curate(shuffled));
        }
    }

    [Fact]
    public void Without_curation_everything_of_the_models_doing_is_kept_and_nothing_else()
    {
        Trace[] traces = [.. Enum.GetValues<Outcome>().Select((outcome, i) => SomeTrace.Of(i, outcome: outcome))];
        Assert.Equal(
            [Outcome.Valid, Outcome.Invalid, Outcome.Malformed, Outcome.Truncated],
            new EverythingCurator().Curate(traces).Select(trace => trace.Outcome));
    }
}
