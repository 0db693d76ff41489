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

    /// <summary>Says in one line, however narrow the terminal, what went wrong.</summary>
    public void Complain(string message) => Messages.Profile.Out.Writer.WriteLine($"outerloop: {message.ReplaceLineEndings(" ")}");

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
