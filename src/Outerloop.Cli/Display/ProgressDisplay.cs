using Spectre.Console;

namespace Outerloop.Cli.Display;

/// <summary>Chooses the display that fits the terminal.</summary>
internal static class ProgressDisplay
{
    public static Task<T> Run<T>(IAnsiConsole console, TimeProvider clock, Func<IProgressDisplay, Task<T>> work) =>
        console.Profile.Capabilities.Interactive && console.Profile.Capabilities.Ansi
            ? LiveDisplay.Run(console, clock, work)
            : work(new PlainDisplay(console, clock));
}
