using Spectre.Console;

namespace Outerloop.Cli.Display;

/// <summary>Progress for a log: a line at each beginning, then at most one in five seconds.</summary>
internal sealed class PlainDisplay(IAnsiConsole console, TimeProvider clock) : IProgressDisplay
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);

    private readonly WorkRate _rate = new(clock);
    private string _title = "";
    private long _last;

    public void Show(string title, long done, long total, long tokens, string detail)
    {
        _rate.Observe(title, done);
        if (title == _title && clock.GetElapsedTime(_last) < Every)
            return;
        (_title, _last) = (title, clock.GetTimestamp());
        string[] parts = [$"{title}: {done}/{total}", detail, _rate.TokensPerSecond(tokens), _rate.TimeLeft(done, total)];
        console.WriteLine(string.Join("  ", parts.Where(part => part.Length > 0)));
    }

    public void Say(string text) => console.WriteLine(text);
}
