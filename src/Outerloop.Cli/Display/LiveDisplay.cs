using Spectre.Console;
using Spectre.Console.Rendering;

namespace Outerloop.Cli.Display;

/// <summary>Progress for someone who looks: a moving bar with rates and time left.</summary>
internal sealed class LiveDisplay : IProgressDisplay
{
    private readonly IAnsiConsole _console;
    private readonly ProgressContext _context;
    private readonly WorkRate _rate;
    private ProgressTask? _task;

    private LiveDisplay(IAnsiConsole console, ProgressContext context, TimeProvider clock)
    {
        _console = console;
        _context = context;
        _rate = new WorkRate(clock);
    }

    public static Task<T> Run<T>(IAnsiConsole console, TimeProvider clock, Func<IProgressDisplay, Task<T>> work) =>
        console.Progress()
            .AutoClear(true)
            .HideCompleted(true)
            .Columns(new SpinnerColumn(), new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new DetailColumn())
            .StartAsync(context => work(new LiveDisplay(console, context, clock)));

    public void Show(string title, long done, long total, long tokens, string detail)
    {
        _rate.Observe(title, done);
        if (_task?.Description != title)
            _task = Next(title, total);
        string[] parts = [detail, _rate.TokensPerSecond(tokens), _rate.TimeLeft(done, total)];
        _task.Tag = string.Join("  ", parts.Where(part => part.Length > 0));
        _task.Value = done;
    }

    /// <summary>Padded, so that nothing of the bar is left behind the text.</summary>
    public void Say(string text) => _console.WriteLine(text.PadRight(_console.Profile.Width - 1));

    private ProgressTask Next(string title, long total)
    {
        if (_task is not null)
            _context.RemoveTask(_task);
        return _context.AddTask(title, autoStart: true, Math.Max(1, total));
    }

    private sealed class DetailColumn : ProgressColumn
    {
        public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime) => new Text(task.Tag as string ?? "");
    }
}
