using FsCheck.Xunit;
using Outerloop.Tasks;
using Outerloop.Tests.Support;
using Outerloop.Traces;
using Outerloop.Training;

namespace Outerloop.Tests.Training;

public sealed class AdvantagesTests
{
    [Fact]
    public void A_reward_is_what_the_loop_was_told()
    {
        TrainingExample misjudged = Example(0, valid: false) with { Trace = SomeTrace.Of(0, outcome: Outcome.Invalid) with { Accepted = true } };
        Assert.Equal([1, 0, 1], Advantages.Reward([Example(0, valid: true), Example(0, valid: false), misjudged]));
    }

    [Property]
    public void A_baseline_leaves_no_reward_on_average(bool[] valid)
    {
        if (valid.Length > 0)
            Assert.Equal(0, Advantages.AboveMean([.. valid.Select((right, i) => Example(i, right))]).Average(), 1e-5f);
    }

    [Property]
    public void Within_a_task_advantages_have_mean_0_and_deviation_1_or_are_all_0(bool[] valid)
    {
        TrainingExample[] examples = [.. valid.Select((right, i) => Example(i % 3, right))];
        var byTask = examples.Zip(Advantages.WithinTask(examples)).GroupBy(pair => pair.First.Task.Id.Number);
        foreach (float[] task in byTask.Select(group => group.Select(pair => pair.Second).ToArray()))
        {
            Assert.Equal(0, task.Average(), 1e-5f);
            double deviation = Math.Sqrt(task.Average(value => value * value));
            Assert.True(deviation == 0 || Math.Abs(deviation - 1) < 1e-5, $"{deviation}");
        }
    }

    [Fact]
    public void Within_a_task_a_rare_success_is_worth_more_than_a_common_one()
    {
        float[] values = Advantages.WithinTask([.. Enumerable.Range(0, 4).Select(i => Example(0, i == 0)), .. Enumerable.Range(0, 4).Select(i => Example(1, i > 0)), Example(2, true)]);
        Assert.Equal([MathF.Sqrt(3), -1 / MathF.Sqrt(3)], values[..2], (a, b) => Math.Abs(a - b) < 1e-6);
        Assert.Equal([-MathF.Sqrt(3), 1 / MathF.Sqrt(3)], values[4..6], (a, b) => Math.Abs(a - b) < 1e-6);
        Assert.Equal(0, values[8]);
    }

    private static TrainingExample Example(int task, bool valid)
    {
        Trace trace = SomeTrace.Of(task, outcome: valid ? Outcome.Valid : Outcome.Invalid);
        return new TrainingExample(new PlanningTask(trace.Id.Task, "", null!, ""), trace);
    }
}
