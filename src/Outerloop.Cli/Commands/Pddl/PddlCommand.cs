using System.CommandLine;

namespace Outerloop.Cli.Commands.Pddl;

/// <summary><c>outerloop pddl</c>: a file for each of its verbs.</summary>
internal static class PddlCommand
{
    /// <param name="verb">That is asked for; null for all.</param>
    public static Command Create(string? verb, Terminal terminal, TimeProvider clock)
    {
        var command = new Command("pddl", "Planning problems: check them, validate plans, solve them, generate tasks.");
        foreach (Command child in Verbs.Of(
            verb,
            ("check", () => CheckCommand.Create(terminal)),
            ("validate", () => ValidateCommand.Create(terminal, clock)),
            ("solve", () => SolveCommand.Create(terminal, clock)),
            ("generate", () => GenerateCommand.Create(terminal)),
            ("mcp", McpCommand.Create)))
        {
            command.Add(child);
        }

        return command;
    }

    public static Option<bool> JsonOption() => new("--json") { Description = "print JSON" };
}
