using Outerloop.Gateway.Tasks;
using Outerloop.Planning.Domains;
using Outerloop.Planning.Pddl;

namespace Outerloop.Gateway.Tests.Answers;

public sealed class RecentTasksTests
{
    [Fact]
    public void What_is_asked_again_is_the_same_task_and_that_which_is_read_anew()
    {
        using var recent = new RecentTasks();
        foreach (PlanningDomain domain in DomainCatalog.All)
        {
            string text = $"Solve {domain.GenerateProblem("p", domain.PoolSizes, new Random(1))} please";

            TaskInText first = recent.Find(text)!, again = recent.Find(text)!, anew = TaskInText.Find(text)!;

            Assert.Same(first, again);
            Assert.Same(domain, again.Domain);
            Assert.Equal(PddlPrinter.Print(anew.Problem.Problem), again.Problem.Text);
            Assert.Equal(ProblemFingerprint.Of(anew.Problem.Problem), again.Problem.Fingerprint);
            Assert.EndsWith(again.Problem.Nameless, again.Problem.Text, StringComparison.Ordinal);
            Assert.Same(again.Problem.Validator(default), first.Problem.Validator(default));
        }
    }

    [Fact]
    public void Texts_of_one_length_are_not_mistaken_for_each_other()
    {
        using var recent = new RecentTasks();
        PlanningDomain domain = DomainCatalog.Find("blocksworld")!;
        string[] texts = [.. Enumerable.Range(10, 50).Select(i => domain.GenerateProblem($"p{i}", domain.PoolSizes, new Random(i)))];

        string[] found = [.. texts.Concat(texts).Select(text => recent.Find(text)!.Problem.Text)];

        Assert.Equal(found[..50], found[50..]);
        Assert.Equal(texts.Select(text => TaskInText.Find(text)!.Problem.Text), found[..50]);
    }

    [Theory]
    [InlineData("no task at all")]
    [InlineData("")]
    public void A_text_without_a_task_stays_without(string text)
    {
        using var recent = new RecentTasks();

        Assert.Null(recent.Find(text));
        Assert.Null(recent.Find(text));
    }

    [Fact]
    public void A_wrong_task_is_refused_each_time()
    {
        using var recent = new RecentTasks();

        for (int i = 0; i < 2; i++)
            Assert.Throws<InputException>(() => recent.Find("(define (problem p) (:domain nowhere) (:init) (:goal (and)))"));
    }
}
