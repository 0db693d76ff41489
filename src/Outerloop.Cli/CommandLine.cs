using System.CommandLine;
using System.CommandLine.Parsing;
using Outerloop.Cli.Commands;
using Outerloop.Cli.Commands.Bench;
using Outerloop.Cli.Commands.Pddl;
using Outerloop.Configuration;
using Outerloop.Model.Checkpoints;
using Outerloop.Model.Kernels;
using Outerloop.Planning.Domains;

namespace Outerloop.Cli;

/// <summary>The command line: verbs, and the one place where failures become messages and exit codes.</summary>
internal static class CommandLine
{
    /// <summary>Long enough for what is finished to be committed after Ctrl-C.</summary>
    private static readonly TimeSpan TimeToStop = TimeSpan.FromSeconds(30);

    public static async Task<int> Run(string[] args, Terminal terminal, TimeProvider clock)
    {
        ParseResult parsed = Build(args, terminal, clock).Parse(args);
        if (WrongUsage(parsed) is { } wrong)
            return Refuse(wrong, parsed, terminal);
        var configuration = new InvocationConfiguration
        {
            Output = terminal.Output,
            Error = terminal.PlainMessages,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = TimeToStop,
        };
        try
        {
            return await parsed.InvokeAsync(configuration);
        }
        catch (IOException unread) when (Terminal.IsBrokenPipe(unread))
        {
            return ExitCode.Unread;
        }
        catch (Exception problem) when (Explain(problem) is { } explained)
        {
            terminal.Complain(explained.Message);
            return explained.ExitCode;
        }
    }

    private static RootCommand Build(string[] args, Terminal terminal, TimeProvider clock)
    {
        var root = new RootCommand("Iterative deployment: a language model gets better at planning by learning from its own valid plans.") { HelpName = "outerloop" };
        foreach (Command verb in Verbs.Of(
            args.FirstOrDefault(),
            ("run", () => RunCommand.Create(terminal, clock)),
            ("report", () => ReportCommand.Create(terminal, clock)),
            ("worker", () => WorkerCommand.Create(terminal, clock)),
            ("train", () => TrainCommand.Create(terminal)),
            ("evaluate", () => EvaluateCommand.Create(terminal, clock)),
            ("compare", () => CompareCommand.Create(terminal)),
            ("theory", () => TheoryCommand.Create(terminal, clock)),
            ("reward", () => RewardCommand.Create(terminal)),
            ("next", () => NextCommand.Create(terminal, clock)),
            ("promote", () => PromoteCommand.Create(terminal, clock)),
            ("rollback", () => RollbackCommand.Create(terminal, clock)),
            ("serve", () => ServeCommand.Create(terminal, clock)),
            ("pddl", () => PddlCommand.Create(args.ElementAtOrDefault(1), terminal, clock)),
            ("bench", () => BenchCommand.Create(terminal, clock)),
            ("model", () => ModelCommand.Create(terminal, clock))))
        {
            root.Add(verb);
        }

        return root;
    }

    /// <summary>What is wrong with the words of the command line. An unknown option is the cause of whatever else does not fit.</summary>
    private static string? WrongUsage(ParseResult parsed)
    {
        if (parsed.Tokens.FirstOrDefault(token => token.Type != TokenType.Option && token.Value.StartsWith("--", StringComparison.Ordinal)) is not { } unknown)
            return parsed.Errors.Count == 0 ? null : UnknownVerb(parsed) ?? parsed.Errors[0].Message.TrimEnd('.');
        string? meant = Choice.Nearest(unknown.Value, parsed.CommandResult.Command.Options.Select(option => option.Name));
        return $"unknown option '{unknown.Value}'" + (meant is null ? "" : $" (did you mean '{meant}'?)");
    }

    private static string? UnknownVerb(ParseResult parsed) =>
        parsed.CommandResult.Command is { Subcommands.Count: > 0 } group && parsed.UnmatchedTokens is [string verb, ..]
            ? Choice.Unknown("verb", verb, group.Subcommands.Select(known => known.Name))
            : null;

    private static int Refuse(string wrong, ParseResult parsed, Terminal terminal)
    {
        string command = string.Join(' ', ["outerloop", .. Path(parsed.CommandResult).Reverse()]);
        terminal.Complain($"{wrong}; see {command} --help");
        return ExitCode.WrongInput;
    }

    private static IEnumerable<string> Path(SymbolResult result)
    {
        for (SymbolResult? at = result; at is CommandResult { Command: not RootCommand } command; at = at.Parent)
            yield return command.Command.Name;
    }

    private static (string Message, int ExitCode)? Explain(Exception problem) => problem switch
    {
        OperationCanceledException => ("stopped; everything finished so far is kept", ExitCode.Stopped),
        InputException => (problem.Message, ExitCode.WrongInput),
        CheckpointException => (problem.Message, ExitCode.WrongInput),
        UnavailableKernelsException => (problem.Message, ExitCode.WrongInput),
        ImpossibleSizesException => (problem.Message, ExitCode.WrongInput),
        ArithmeticException => ($"the model diverged: {problem.Message}", ExitCode.WrongInput),
        OutsideException => (problem.Message, ExitCode.OutsideFailed),
        IOException => (problem.Message, ExitCode.OutsideFailed),
        UnauthorizedAccessException => (problem.Message, ExitCode.WrongInput),
        _ => null,
    };
}
