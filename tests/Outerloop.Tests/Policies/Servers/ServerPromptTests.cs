using Outerloop.Configuration;
using Outerloop.Tests.Support;
using Outerloop.Traces;

namespace Outerloop.Tests.Policies.Servers;

public sealed class ServerPromptTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_run_keeps_the_template_that_it_began_with_and_asks_no_other_question()
    {
        await using PlanServer server = await PlanServer.Start();
        string file = _folder.File("mine.txt");
        await File.WriteAllTextAsync(file, "Please solve this.\n```\n{problem}\n```\n");
        var run = new ServerRun(_folder.File("run"), server.Url);
        run = new ServerRun(_folder.File("run"), server.Url) { Settings = run.Settings with { Prompt = new PromptSettings(file) } };
        await run.Execute();
        Assert.All(server.Bodies, body => Assert.StartsWith("Please solve this.", (string)body["messages"]![0]!["content"]!));

        await File.WriteAllTextAsync(file, "Another {problem}");
        await run.Execute(resume: true);
        await File.WriteAllTextAsync(Path.Combine(_folder.File("run"), "prompt.txt"), "Another {problem}");
        InputException refusal = await Assert.ThrowsAsync<InputException>(() => run.Execute(resume: true));
        Assert.Contains("not the template that this run began with", refusal.Message);
    }

    [Fact]
    public async Task The_raw_text_is_kept()
    {
        await using PlanServer server = await PlanServer.Start();
        var run = new ServerRun(_folder.File("run"), server.Url);
        await run.Execute();
        Assert.All(await run.Traces(), trace => Assert.StartsWith("<think>\nEasy, naïve even.\n</think>\n```\n(", trace.Text));
        Assert.Contains(await run.Traces(), trace => trace.Outcome == Outcome.Valid);
    }
}
