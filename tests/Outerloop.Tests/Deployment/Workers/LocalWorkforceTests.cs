using Outerloop.Deployment.Workers;
using Outerloop.Storage;
using Outerloop.Tests.Support;

namespace Outerloop.Tests.Deployment.Workers;

public sealed class LocalWorkforceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Workers_that_die_again_and_again_end_the_run_with_what_they_said()
    {
        var workers = new LocalWorkforce(2, _ => ["sh", "-c", "echo it is hopeless; exit 9"], _folder.Path, new Progress<string>());
        OutsideException failure = await Assert.ThrowsAsync<OutsideException>(async () =>
        {
            while (true)
                await Maintain(workers);
        });
        Assert.Contains("the last with 9", failure.Message);
        Assert.Contains("it is hopeless", failure.Message);
        await workers.Dismiss();
    }

    [Fact]
    public async Task Workers_end_with_their_input()
    {
        var workers = new LocalWorkforce(2, _ => ["sh", "-c", "cat; echo ended"], _folder.Path, new Progress<string>());
        await Maintain(workers);
        await workers.Dismiss();
        Assert.All([1, 2], worker => Assert.Equal("ended\n", File.ReadAllText(_folder.File($"{worker}.log"))));
    }

    private static async Task Maintain(LocalWorkforce workers)
    {
        await workers.Maintain(null!, new OwedPart("blocksworld", 0, "deploy"), default);
        await Task.Delay(20);
    }
}
