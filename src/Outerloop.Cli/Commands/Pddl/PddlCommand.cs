using System.CommandLine;

namespace Outerloop.Cli.Commands.Pddl;

/// <summary><c>outerloop pddl</c>: a file for each of its verbs.</summary>
internal static class PddlCommand
{
    public static Command Create(Terminal terminal, TimeProvider clock) =>
        new("pddl", "Planning problems: check them, validate plans, solve them, generate tasks.")
        {
            CheckCommand.Create(terminal),
            ValidateCommand.Create(terminal, clock),
            SolveCommand.Create(terminal, clock),
            GenerateCommand.Create(terminal),
            McpCommand.Create(),
        };

    public static Option<bool> JsonOption() => new("--json") { Description = "print JSON" };
}
