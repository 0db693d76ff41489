using FsCheck.Xunit;
using Outerloop.Planning.Domains;
using Outerloop.Planning.Pddl;

namespace Outerloop.Planning.Tests.Pddl;

public sealed class ProblemFingerprintTests
{
    private static readonly Blocksworld World = new();

    [Property(MaxTest = 100)]
    public void Renaming_objects_and_shuffling_facts_changes_nothing(int seed)
    {
        var task = Blocksworld.DrawTask(World.PoolSizes, new Random(seed));
        var renamed = task with { Names = [.. task.Names.Select((_, i) => $"x{i}")] };

        Assert.Equal(Of(task, seed), Of(renamed, seed + 1));
    }

    [Property(MaxTest = 100)]
    public void Different_sizes_differ(int seed)
    {
        var small = World.GenerateProblem("p", World.PoolSizes.With("blocks", 5, 5), new Random(seed));
        var large = World.GenerateProblem("p", World.PoolSizes.With("blocks", 6, 6), new Random(seed));

        Assert.NotEqual(Of(small), Of(large));
    }

    [Fact]
    public void Small_tasks_that_are_not_renamings_of_each_other_differ()
    {
        // Two blocks: on the table or stacked at first, stacked or stacked the other way in the end.
        var apart = Of(Problem("(on-table a) (on-table b) (clear a) (clear b)", "(on a b)"));
        var swapped = Of(Problem("(on b a) (on-table a) (clear b)", "(on a b)"));
        var other = Of(Problem("(on-table a) (on-table b) (clear a) (clear b)", "(on b a)"));

        Assert.NotEqual(apart, swapped);
        Assert.Equal(apart, other);
    }

    [Fact]
    public void Constants_keep_their_identity()
    {
        var first = Samples.Problem(Samples.Courier, Samples.CourierProblem);
        var second = Samples.Problem(Samples.Courier, Samples.CourierProblem.Replace("home", "depot2", StringComparison.Ordinal));
        var third = Samples.Problem(Samples.Courier, Samples.CourierProblem
            .Replace("home)", "X)", StringComparison.Ordinal).Replace("depot", "home", StringComparison.Ordinal).Replace("X)", "depot)", StringComparison.Ordinal));

        Assert.Equal(ProblemFingerprint.Of(first), ProblemFingerprint.Of(second));
        Assert.NotEqual(ProblemFingerprint.Of(first), ProblemFingerprint.Of(third));
    }

    private static string Problem(string init, string goal) =>
        $"(define (problem p) (:domain blocksworld) (:objects a b) (:init (arm-empty) {init}) (:goal (and {goal})))";

    private static string Of(BlocksTask task, int order) => Of(task.ToSolvableTask().Write("p", World.Name, new Random(order)));

    private static string Of(string text) => ProblemFingerprint.Of(Samples.ReadProblem(text, World.Domain).Required());
}
