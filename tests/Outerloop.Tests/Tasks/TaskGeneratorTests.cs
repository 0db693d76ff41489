using Outerloop.Configuration;
using Outerloop.Planning.Domains;
using Outerloop.Tasks;

namespace Outerloop.Tests.Tasks;

public sealed class TaskGeneratorTests
{
    private static readonly PlanningDomain Domain = DomainCatalog.Find("blocksworld")!;

    [Fact]
    public void No_two_tasks_are_the_same_up_to_names()
    {
        IReadOnlyList<PlanningTask> tasks = Draw(new RunSettings { Tasks = 600, HeldOut = 200, Larger = 50 });
        Assert.Equal(850, tasks.Select(task => task.Fingerprint).Distinct().Count());
        Assert.Equal(850, tasks.Select(task => task.Id).Distinct().Count());
    }

    [Fact]
    public void Larger_tasks_have_more_blocks_than_any_task_of_the_pool()
    {
        IReadOnlyList<PlanningTask> tasks = Draw(new RunSettings { Tasks = 100, HeldOut = 50, Larger = 50 });
        int Most(TaskSet set) => tasks.Where(task => task.Id.Set == set).Max(task => task.Problem.Objects.Length);
        int fewest = tasks.Where(task => task.Id.Set == TaskSet.Larger).Min(task => task.Problem.Objects.Length);
        Assert.True(fewest > Most(TaskSet.Pool) && fewest > Most(TaskSet.HeldOut));
    }

    [Fact]
    public void The_pool_and_the_held_out_tasks_have_the_same_sizes_in_the_same_shares()
    {
        IReadOnlyList<PlanningTask> tasks = Draw(new RunSettings { Tasks = 1200, HeldOut = 240, Larger = 0 });
        double Share(TaskSet set, int blocks) =>
            tasks.Where(task => task.Id.Set == set).Average(task => task.Problem.Objects.Length <= blocks ? 1.0 : 0);
        foreach (int blocks in (int[])[3, 4, 6, 9])
            Assert.InRange(Share(TaskSet.Pool, blocks) - Share(TaskSet.HeldOut, blocks), -0.1, 0.1);
    }

    [Fact]
    public void Nothing_held_out_is_in_any_pool()
    {
        string[] Fingerprints(long seed, TaskSet set) =>
            [.. Draw(new RunSettings { Tasks = 300, HeldOut = 60, Larger = 0, Seed = seed }).Where(task => task.Id.Set == set).Select(task => task.Fingerprint)];
        Assert.Empty(Fingerprints(1, TaskSet.Pool).Intersect(Fingerprints(2, TaskSet.HeldOut)));
        Assert.NotEmpty(Fingerprints(1, TaskSet.HeldOut).Intersect(Fingerprints(2, TaskSet.HeldOut)));
    }

    [Fact]
    public void Held_out_and_larger_tasks_do_not_depend_on_the_pool()
    {
        string[] Evaluation(int pool) =>
            [.. Draw(new RunSettings { Tasks = pool, HeldOut = 30, Larger = 10 }).Where(task => task.Id.Set != TaskSet.Pool).Select(task => task.ProblemText)];
        Assert.Equal(Evaluation(5), Evaluation(80));
    }

    [Fact]
    public void A_seed_gives_its_tasks_and_another_seed_gives_others()
    {
        string[] Texts(long seed) => [.. Draw(new RunSettings { Tasks = 20, HeldOut = 5, Larger = 5, Seed = seed }).Select(task => task.ProblemText)];
        Assert.Equal(Texts(1), Texts(1));
        Assert.Empty(Texts(1).Intersect(Texts(2)));
    }

    private static IReadOnlyList<PlanningTask> Draw(RunSettings settings) =>
        new TaskGenerator(Domain, new Seed((ulong)settings.Seed)).DrawAll(settings);
}
