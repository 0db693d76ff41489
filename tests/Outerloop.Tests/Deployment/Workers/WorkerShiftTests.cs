using Outerloop.Deployment.Workers;

namespace Outerloop.Tests.Deployment.Workers;

public sealed class WorkerShiftTests
{
    private readonly List<string> _opened = [];

    [Fact]
    public async Task A_run_that_cannot_be_opened_is_left_alone_where_there_are_others()
    {
        var faults = new List<string>();
        await Shift(new Heard(faults), ["broken", "other"]).Work(CancellationToken.None);
        Assert.Equal(["broken", "other"], _opened);
        Assert.Equal(["run broken: no run here; left alone for a minute", "run other: no run here; left alone for a minute"], faults);
    }

    [Fact]
    public async Task The_one_run_that_a_worker_is_for_ends_it() =>
        Assert.Equal("no run here", (await Assert.ThrowsAsync<InputException>(() => Shift(null, ["broken"]).Work(CancellationToken.None))).Message);

    private WorkerShift Shift(IProgress<string>? faults, string[] runs) => new(
        _ => Task.FromResult<IReadOnlyList<string>>(runs),
        (run, _) =>
        {
            _opened.Add(run);
            throw new InputException("no run here");
        },
        faults,
        idle: TimeSpan.FromMilliseconds(10),
        TimeProvider.System);

    private sealed class Heard(List<string> words) : IProgress<string>
    {
        public void Report(string value) => words.Add(value);
    }
}
