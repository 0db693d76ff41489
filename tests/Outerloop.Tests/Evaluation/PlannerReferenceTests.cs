using Outerloop.Evaluation;
using Outerloop.Planning.Domains;
using Outerloop.Runs;
using Outerloop.Storage;
using Outerloop.Tasks;
using Outerloop.Tests.Support;

namespace Outerloop.Tests.Evaluation;

public sealed class PlannerReferenceTests : IDisposable
{
    private static readonly PlanningDomain Domain = DomainCatalog.Find("blocksworld")!;

    private readonly TemporaryFolder _folder = new();

    private string Kept => _folder.File("planner.csv");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Ratios_are_of_the_tasks_that_both_solve()
    {
        var planner = new PlannerReference(new Dictionary<TaskId, int?> { [HeldOut(0)] = 4, [HeldOut(1)] = 10, [HeldOut(2)] = null, [Larger(0)] = 20 });
        PlannerScale scale = planner.Beside(TaskSet.HeldOut, 0.5, new Dictionary<TaskId, double> { [HeldOut(0)] = 6, [HeldOut(2)] = 8, [Larger(0)] = 99 });
        Assert.Equal((0.5, 7.0, 1.5), (scale.Share, scale.Steps, scale.Ratio!.Value));
        PlannerScale none = planner.Beside(TaskSet.Larger, 0, new Dictionary<TaskId, double>());
        Assert.Null(none.Ratio);
        Assert.Null(none.Steps);
        PlannerScale itself = planner.On(TaskSet.HeldOut)!;
        Assert.Equal((2.0 / 3, 7.0, 1.0), (itself.Share, itself.Steps, itself.Ratio!.Value));
        Assert.Null(planner.On(TaskSet.Pool));
    }

    [Fact]
    public async Task The_planner_works_once_and_again_where_its_file_is_damaged()
    {
        await ScriptedRun.Execute(_folder.File("run"), ScriptedRun.Settings with { Tasks = 2, HeldOut = 3, Larger = 2, Generations = 0 });
        PlannerReference made = await Read();
        Assert.Equal(3 + 2, made.Steps.Count);
        Assert.All(made.Steps, task => Assert.InRange(task.Value!.Value, 1, 200));
        string text = await File.ReadAllTextAsync(Kept);

        await File.WriteAllTextAsync(Kept, text.Replace("heldOut,0,", "heldOut,0,1", StringComparison.Ordinal));
        Assert.True((await Read()).Steps[HeldOut(0)] >= 10, "the file was not read");
        foreach (string damaged in (string[])["", "\0\n\n", text[..^12], text.Replace("larger,1,", "larger,x,", StringComparison.Ordinal), text + "heldOut,99,4\n", text[1..]])
        {
            await File.WriteAllTextAsync(Kept, damaged);
            Assert.Equal(made.Steps.Keys.Order(), (await Read()).Steps.Keys.Order());
            string again = await File.ReadAllTextAsync(Kept);
            Assert.NotEqual(damaged, again);
            Assert.Equal(text.Count(letter => letter == '\n'), again.Count(letter => letter == '\n'));
        }
    }

    private static TaskId HeldOut(int number) => new(Domain.Name, TaskSet.HeldOut, number);

    private static TaskId Larger(int number) => new(Domain.Name, TaskSet.Larger, number);

    private async Task<PlannerReference> Read()
    {
        await using RunStore store = await RunStore.Open(RunFolder.StoreOf(_folder.File("run")), default);
        return (await PlannerReferenceFile.Read(Kept, store, Domain, new Progress<PlannerProgress>(), default))!;
    }
}
