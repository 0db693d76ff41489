using System.Text;
using Spectre.Console;

namespace Outerloop.Cli;

/// <summary>
/// Where a command writes: results to <see cref="Output"/>, everything else (progress, messages) to
/// <see cref="Messages"/>, so that results can be piped.
/// </summary>
internal sealed record Terminal(TextWriter Output, IAnsiConsole Messages)
{
    private const int WidthWithoutTerminal = 160;

    public static Terminal OfProcess()
    {
        var output = new StreamWriter(Console.OpenStandardOutput(), new UTF8Encoding(false)) { AutoFlush = true };
        return new Terminal(output, ConsoleOn(Console.Error, Console.IsErrorRedirected));
    }

    /// <summary>Whether results appear on a terminal, where a progress bar would run into them.</summary>
    public static bool ShowsOutput => !Console.IsOutputRedirected;

    /// <summary>Says in one line, however narrow the terminal, what went wrong.</summary>
    public void Complain(string message) => Say($"outerloop: {message.ReplaceLineEndings(" ")}");

    /// <summary>Says something as it is, without wrapping lines.</summary>
    public void Say(string message) => Messages.Profile.Out.Writer.WriteLine(message);

    /// <summary>A console for a table on the output, wide enough not to wrap when nobody looks.</summary>
    public IAnsiConsole OutputConsole() => ConsoleOn(Output, Console.IsOutputRedirected);

    private static IAnsiConsole ConsoleOn(TextWriter writer, bool redirected)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = redirected ? AnsiSupport.No : AnsiSupport.Detect,
            Interactive = redirected ? InteractionSupport.No : InteractionSupport.Detect,
        });
        if (redirected)
            console.Profile.Width = WidthWithoutTerminal;
        return console;
    }
}
