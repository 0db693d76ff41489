using Microsoft.Extensions.Time.Testing;
using Outerloop.Gateway.Dashboard;
using Outerloop.Tests.Support;

namespace Outerloop.Gateway.Tests.Dashboard;

/// <summary>When figures are computed, and which are told meanwhile. Computing takes its time by a clock that stands still otherwise.</summary>
public sealed class KeptTests : IDisposable
{
    private static readonly TimeSpan Quick = TimeSpan.FromMilliseconds(10), Slow = TimeSpan.FromMilliseconds(500);

    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly ShownRun _run;
    private int _computed;

    public KeptTests()
    {
        _run = new ShownRun("run", _folder.Path);
        Change();
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Figures_of_a_run_that_stays_as_it_is_are_computed_once()
    {
        Kept<string> kept = new(_clock);
        foreach (TimeSpan wait in (TimeSpan[])[Quick, TimeSpan.FromDays(1), TimeSpan.FromDays(1)])
        {
            Timed<string> told = await kept.Get(_run, "", Compute(Quick));
            Assert.Equal(("1", true), (told.Figures, told.IsCurrent));
            _clock.Advance(wait);
        }

        Assert.Equal("2", (await kept.Get(_run, "of something else", Compute(Quick))).Figures);
    }

    [Fact]
    public async Task An_empty_log_of_a_reader_is_no_change()
    {
        Kept<string> kept = new(_clock);
        await kept.Get(_run, "", Compute(Quick));
        await File.WriteAllTextAsync(_run.Address + "-wal", "");
        Assert.Equal("1", (await kept.Get(_run, "", Compute(Quick))).Figures);
        await File.WriteAllTextAsync(_run.Address + "-wal", "a commit");
        Assert.Equal("2", (await kept.Get(_run, "", Compute(Quick))).Figures);
    }

    [Fact]
    public async Task Quick_figures_are_computed_anew_whenever_the_run_has_changed()
    {
        Kept<string> kept = new(_clock);
        for (int times = 1; times < 5; times++)
        {
            Change();
            Timed<string> told = await kept.Get(_run, "", Compute(Quick));
            Assert.Equal(($"{times}", true), (told.Figures, told.IsCurrent));
        }
    }

    [Fact]
    public async Task Slow_ones_of_a_run_that_goes_on_are_told_as_they_were_and_take_a_tenth_of_the_time()
    {
        Kept<string> kept = new(_clock);
        await kept.Get(_run, "", Compute(Slow));
        for (int times = 1; times < 20; times++)
        {
            Change();
            Timed<string> told = await kept.Get(_run, "", Compute(Slow));
            Assert.Equal(("1", false), (told.Figures, told.IsCurrent));
            _clock.Advance(Slow / 2);
        }

        _clock.Advance(Slow);
        Change();
        Assert.Equal("2", (await kept.Get(_run, "", Compute(Slow))).Figures);
    }

    [Fact]
    public async Task Those_of_a_run_at_rest_are_computed_anew_at_once()
    {
        Kept<string> kept = new(_clock);
        await kept.Get(_run, "", Compute(Slow));
        Change();
        _clock.Advance(TimeSpan.FromSeconds(4));
        Timed<string> told = await kept.Get(_run, "", Compute(Slow));
        Assert.Equal(("2", true), (told.Figures, told.IsCurrent));
    }

    [Fact]
    public async Task Who_asks_waits_a_second_for_slow_ones_and_the_next_finds_them()
    {
        Kept<string> kept = new(_clock);
        await kept.Get(_run, "", Compute(Slow));
        Change();
        _clock.Advance(TimeSpan.FromMinutes(1));
        var done = new TaskCompletionSource<string>();
        Task<Timed<string>> first = kept.Get(_run, "", () => done.Task), second = kept.Get(_run, "", () => done.Task);
        Assert.False(first.IsCompleted);
        while (!first.IsCompleted || !second.IsCompleted)
        {
            _clock.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Yield();
        }

        Assert.Equal(("1", false), ((await first).Figures, (await first).IsCurrent));
        Assert.Equal("1", (await second).Figures);
        done.SetResult("computed behind");
        while ((await kept.Get(_run, "", () => done.Task)).Figures != "computed behind")
            await Task.Yield();
    }

    [Fact]
    public async Task What_many_ask_for_at_a_time_is_begun_once_and_says_how_far_it_is()
    {
        Kept<string> kept = new(_clock);
        var (done, begun) = (new TaskCompletionSource(), new TaskCompletionSource());
        Asked<string>[] asked = [.. Enumerable.Range(0, 20).Select(_ => kept.Ask([_run], "", async progress =>
        {
            progress.Report(0.25);
            begun.SetResult();
            await done.Task;
            return $"{Interlocked.Increment(ref _computed)}";
        }))];
        await begun.Task;
        _clock.Advance(Slow);
        Assert.All(asked, one => Assert.Equal((0.25, Slow), (one.Computing!.Share, one.Computing.For)));

        done.SetResult();
        Assert.All(await Task.WhenAll(asked.Select(one => one.There)), told => Assert.Equal("1", told.Figures));
        Assert.Null(kept.Ask([_run], "", _ => throw new InvalidOperationException()).Computing);
    }

    [Fact]
    public async Task What_failed_is_tried_again_by_whoever_asks_next()
    {
        Kept<string> kept = new(_clock);
        await Assert.ThrowsAsync<InputException>(() => kept.Get(_run, "", () => throw new InputException("damaged")));
        Assert.Equal("1", (await kept.Get(_run, "", Compute(Quick))).Figures);
        Change();
        await Assert.ThrowsAsync<InputException>(() => kept.Get(_run, "", () => throw new InputException("damaged")));
        Assert.Equal("2", (await kept.Get(_run, "", Compute(Quick))).Figures);
    }

    [Fact]
    public async Task Slow_figures_are_there_when_the_program_begins_again()
    {
        var file = new FileInMemory();
        await new Kept<string>(_clock, file).Get(_run, "", Compute(Slow));
        Timed<string> told = await new Kept<string>(_clock, file).Get(_run, "", Compute(Slow));
        Assert.Equal(("1", true), (told.Figures, told.IsCurrent));

        Change(); // while nobody looked: told as they were at first, and computed anew behind
        Kept<string> kept = new(_clock, file);
        Assert.Equal(("1", false), ((told = await kept.Get(_run, "", Compute(Slow))).Figures, told.IsCurrent));
        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(("2", true), ((told = await kept.Get(_run, "", Compute(Slow))).Figures, told.IsCurrent));
        Assert.Equal("2", file.Read(_run)!.Value);
    }

    [Fact]
    public async Task Quick_ones_leave_no_file()
    {
        var file = new FileInMemory();
        await new Kept<string>(_clock, file).Get(_run, "", Compute(Quick));
        Assert.Null(file.Read(_run));
    }

    [Fact]
    public async Task Of_a_store_in_no_file_no_change_is_seen_and_figures_are_computed_anew_from_time_to_time()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder.Path, "store.txt"), "postgres:Host=nowhere;Database=runs\nrun\n");
        var file = new FileInMemory();
        await new Kept<string>(_clock, file).Get(_run, "", Compute(Slow));
        Kept<string> kept = new(_clock, file);
        Timed<string> told = await kept.Get(_run, "", Compute(Slow));
        Assert.Equal(("1", true), (told.Figures, told.IsCurrent));
        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal("2", (await kept.Get(_run, "", Compute(Slow))).Figures);
    }

    private Func<Task<string>> Compute(TimeSpan took) => () =>
    {
        _clock.Advance(took);
        return Task.FromResult($"{Interlocked.Increment(ref _computed)}");
    };

    /// <summary>Something is written to the run's store.</summary>
    private void Change()
    {
        File.AppendAllText(_run.Address, "more");
        File.SetLastWriteTimeUtc(_run.Address, _clock.GetUtcNow().UtcDateTime);
    }

    private sealed class FileInMemory : IKeptFile<string>
    {
        private KeptFigures<string>? _kept;

        public KeptFigures<string>? Read(ShownRun run) => _kept;

        public void Write(ShownRun run, KeptFigures<string> kept) => _kept = kept;
    }
}
