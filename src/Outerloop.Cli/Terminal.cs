using System.Text;
using Microsoft.Win32.SafeHandles;
using Spectre.Console;

namespace Outerloop.Cli;

/// <summary>
/// Where a command writes: results to <see cref="Output"/>, everything else (progress, messages) to
/// <see cref="Messages"/>, so that results can be piped.
/// </summary>
internal sealed class Terminal(TextWriter output, TextWriter messages)
{
    private const int WidthWithoutTerminal = 160;
    private const int BrokenPipe = 32; // EPIPE, on Linux and macOS alike

    // Finding out what the terminal can do takes a tenth of a short process's time.
    private readonly Lazy<IAnsiConsole> _messages = new(() => ConsoleOn(messages, Console.IsErrorRedirected));

    public TextWriter Output { get; } = output;

    /// <summary>Messages as plain text.</summary>
    public TextWriter PlainMessages { get; } = messages;

    /// <summary>Messages with colours and progress, where the terminal has them.</summary>
    public IAnsiConsole Messages => _messages.Value;

    public static Terminal OfProcess()
    {
        var output = new StreamWriter(StandardOutput(), new UTF8Encoding(false)) { AutoFlush = true };
        return new Terminal(output, Console.Error);
    }

    /// <summary>Whether the failure of a write says that nobody reads the results any more.</summary>
    public static bool IsBrokenPipe(IOException failure) => !OperatingSystem.IsWindows() && failure.HResult == BrokenPipe;

    /// <summary>Whether results appear on a terminal, where a progress bar would run into them.</summary>
    public static bool ShowsOutput => !Console.IsOutputRedirected;

    /// <summary>Says in one line, however narrow the terminal, what went wrong.</summary>
    public void Complain(string message) => Say($"outerloop: {message.ReplaceLineEndings(" ")}");

    /// <summary>Says something as it is, without wrapping lines.</summary>
    public void Say(string message) => PlainMessages.WriteLine(message);

    /// <summary>A console for a table on the output, wide enough not to wrap when nobody looks.</summary>
    public IAnsiConsole OutputConsole() => ConsoleOn(Output, Console.IsOutputRedirected);

    /// <summary>
    /// The console's own stream pretends that what is written to a broken pipe arrives, so a pipe is written to as a file.
    /// A true file is not: its stream would not move on the place at which other processes write to it.
    /// </summary>
    private static Stream StandardOutput()
    {
        if (OperatingSystem.IsWindows() || !Console.IsOutputRedirected)
            return Console.OpenStandardOutput();
        var file = new FileStream(new SafeFileHandle(1, ownsHandle: false), FileAccess.Write, bufferSize: 0);
        return file.CanSeek ? Console.OpenStandardOutput() : file;
    }

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
