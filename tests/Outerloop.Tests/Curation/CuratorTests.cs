using FsCheck.Xunit;
using Outerloop.Curation;
using Outerloop.Tests.Support;
using Outerloop.Traces;

namespace Outerloop.Tests.Curation;

public sealed class CuratorTests
{
    private static readonly string[] Named =
    [
        "fewest-steps", "everything", "latest", "random", "longest", "k-per-task:2", "impatient", "impatient:20", "sloppy", "sloppy:0.8",
        "partisan:stack+unstack", "adversarial", "adversarial:0.4",
    ];

    [Fact]
    public void Every_curator_of_the_catalog_is_tried_here() =>
        Assert.Equal(CuratorCatalog.All.Select(kind => kind.Name).Order(), Named.Select(name => name.Split(':')[0]).Distinct().Order());

    [Property(MaxTest = 60)]
    public void The_order_in_which_traces_come_says_nothing(int seed)
    {
        Trace[] traces = Pool(seed), shuffled = [.. traces];
        new Seed((ulong)seed).ToRandom().Shuffle(shuffled);
        Assert.All(Named, name => Assert.Equal(Keep(name, traces), Keep(name, shuffled)));
    }

    [Property(MaxTest = 60)]
    public void What_is_kept_is_the_models_doing_and_without_bias_accepted(int seed)
    {
        foreach (string name in Named)
        {
            IReadOnlyList<Trace> kept = Keep(name, Pool(seed));
            Assert.All(kept, trace => Assert.True(trace.Outcome.IsTheModelsDoing()));
            if (name.Split(':')[0] is not ("everything" or "sloppy" or "adversarial"))
                Assert.All(kept, trace => Assert.True(trace.Accepted));
        }
    }

    [Property(MaxTest = 60)]
    public void One_per_task_is_the_fewest_steps_curator_and_more_per_task_keep_it(int seed)
    {
        Trace[] traces = Pool(seed);
        IReadOnlyList<Trace> one = Keep("fewest-steps", traces), three = Keep("k-per-task:3", traces);
        Assert.Equal(one, Keep("k-per-task:1", traces));
        Assert.Empty(one.Except(three));
        Assert.All(three.GroupBy(trace => trace.Id.Task), task => Assert.InRange(task.Select(trace => trace.Text).Distinct().Count(), task.Count(), 3));
    }

    [Property(MaxTest = 60)]
    public void Nobody_keeps_a_longer_plan_than_who_wants_the_longest_nor_fewer_tokens_than_the_impatient(int seed)
    {
        Trace[] traces = Pool(seed);
        foreach (IGrouping<int, Trace> task in traces.Where(trace => trace.Accepted && trace.Outcome.IsTheModelsDoing()).GroupBy(trace => trace.Id.Task.Number))
        {
            Assert.Equal(task.Max(trace => trace.PlanSteps), Of(task.Key, Keep("longest", traces)).PlanSteps);
            Assert.Equal(task.Min(trace => trace.Tokens.Count), Of(task.Key, Keep("impatient", traces)).Tokens.Count);
        }

        Assert.All(Keep("impatient:9", traces), trace => Assert.InRange(trace.Tokens.Count, 0, 9));
    }

    [Fact]
    public void The_latest_generation_alone_is_kept_by_latest()
    {
        IReadOnlyList<Trace> kept = Keep("latest", [SomeTrace.Of(1, generation: 0, steps: 2), SomeTrace.Of(1, generation: 2, steps: 6), SomeTrace.Of(2, generation: 1)]);
        Assert.Equal([2], kept.Select(trace => trace.Id.Generation));
    }

    [Fact]
    public void The_sloppy_accept_a_plan_that_gets_far_enough()
    {
        Trace[] traces =
        [
            SomeTrace.Of(1, outcome: Outcome.Invalid) with { GoalShare = 0.5 },
            SomeTrace.Of(2, outcome: Outcome.Invalid) with { GoalShare = 0.4 },
            SomeTrace.Of(3, outcome: Outcome.Malformed),
            SomeTrace.Of(4),
        ];
        Assert.Equal([1, 4], Keep("sloppy", traces).Select(trace => trace.Id.Task.Number));
        Assert.Equal([4], Keep("sloppy:0.6", traces).Select(trace => trace.Id.Task.Number));
        Assert.Equal([1, 2, 4], Keep("sloppy:0", traces).Select(trace => trace.Id.Task.Number));
    }

    [Fact]
    public void Partisans_prefer_the_largest_share_of_their_actions_in_any_form_of_plan()
    {
        Trace[] traces =
        [
            SomeTrace.Of(1, sample: 0, steps: 2, text: "unstack b1 b2 putdown b1"),
            SomeTrace.Of(1, sample: 1, steps: 4, text: "(pickup b1)\n(stack b1 b2)\n(pickup b3)\n(stack b3 b1)"),
        ];
        Assert.Equal([0], Keep("partisan:putdown", traces).Select(trace => trace.Id.Sample));
        Assert.Equal([1], Keep("partisan:PICKUP", traces).Select(trace => trace.Id.Sample));
        Assert.Equal([1], Keep("partisan:pickup+stack", traces).Select(trace => trace.Id.Sample));
    }

    [Fact]
    public void The_asked_share_of_users_are_adversaries_and_stay_so()
    {
        Trace[] Generation(int number) =>
            [.. from task in Enumerable.Range(0, 2000) from outcome in (Outcome[])[Outcome.Valid, Outcome.Invalid] select SomeTrace.Of(task, number, (int)outcome, outcome)];
        int[] Fooled(int number) =>
            [.. Keep("adversarial:0.3", Generation(number)).Where(trace => trace.Outcome == Outcome.Invalid).Select(trace => trace.Id.Task.Number)];
        Assert.InRange(Fooled(0).Length, 520, 680); // 600 ± 4 standard deviations
        Assert.Equal(Fooled(0), Fooled(3));
        Assert.Equal(2000, Keep("adversarial:0.3", Generation(0)).Count);
        Assert.DoesNotContain(Keep("adversarial:0", Generation(0)), trace => trace.Outcome != Outcome.Valid);
    }

    [Fact]
    public void Random_choices_follow_the_seed_and_prefer_no_length()
    {
        Trace[] traces = [.. from task in Enumerable.Range(0, 2000) from sample in Enumerable.Range(0, 2) select SomeTrace.Of(task, sample: sample, steps: 4 + sample, text: $"{sample}")];
        IReadOnlyList<Trace> kept = Keep("random", traces);
        Assert.Equal(kept, Keep("random", traces));
        Assert.NotEqual(kept, CuratorCatalog.Create("random", new Seed(8)).Curate(traces));
        Assert.InRange(kept.Count(trace => trace.PlanSteps == 4), 910, 1090); // 1000 ± 4 standard deviations
    }

    [Theory]
    [InlineData("fewest-step", "unknown curator 'fewest-step'; did you mean 'fewest-steps'?")]
    [InlineData("longest:3", "the curator longest takes no value")]
    [InlineData("k-per-task", "the curator k-per-task is written k-per-task:K (per task K valid traces with the fewest steps), not 'k-per-task'")]
    [InlineData("k-per-task:0", "the curator k-per-task is written")]
    [InlineData("impatient:soon", "the curator impatient is written")]
    [InlineData("sloppy:1.5", "the curator sloppy is written")]
    [InlineData("sloppy:nan", "the curator sloppy is written")]
    [InlineData("partisan", "the curator partisan is written")]
    [InlineData("partisan:+", "the curator partisan is written")]
    [InlineData("adversarial:-1", "the curator adversarial is written")]
    public void A_curator_that_cannot_be_made_is_refused_with_what_is_wanted(string text, string message) =>
        Assert.StartsWith(message, Assert.Throws<FormatException>(() => CuratorCatalog.Create(text, new Seed(0))).Message);

    private static IReadOnlyList<Trace> Keep(string curator, IReadOnlyList<Trace> traces) =>
        CuratorCatalog.Create(curator, new Seed(7)).Curate(traces);

    private static Trace Of(int task, IEnumerable<Trace> traces) => traces.Single(trace => trace.Id.Task.Number == task);

    private static Trace[] Pool(int seed)
    {
        Random random = new Seed((ulong)seed).ToRandom();
        Outcome[] outcomes = Enum.GetValues<Outcome>();
        return
        [
            .. from task in Enumerable.Range(0, 12)
               from generation in Enumerable.Range(0, 3)
               from sample in Enumerable.Range(0, 2)
               let outcome = random.Next(2) == 0 ? Outcome.Valid : outcomes[random.Next(outcomes.Length)]
               let steps = 1 + random.Next(4)
               select SomeTrace.Of(task, generation, sample, outcome, steps, random.Next(3), $"stack {random.Next(6)}", 4 + random.Next(9))
                   with { Accepted = random.Next(8) == 0 ? outcome == Outcome.Invalid : outcome == Outcome.Valid, GoalShare = random.NextDouble() },
        ];
    }
}
