using System.CommandLine;
using Outerloop.Planning.Pddl;

namespace Outerloop.Cli.Commands.Pddl;

/// <summary><c>outerloop pddl check</c>: located errors of a domain and a problem.</summary>
internal static class CheckCommand
{
    public static Command Create(Terminal terminal)
    {
        var domain = new Argument<string>("DOMAIN") { Description = "domain file" };
        var problem = new Argument<string?>("PROBLEM") { Description = "problem file", Arity = ArgumentArity.ZeroOrOne };
        Option<bool> json = PddlCommand.JsonOption();
        var command = new Command(
            "check",
            """
            Parse and type-check a domain, and a problem of it. Exit code 0 when both are right, 2 when not.

            Examples:
              outerloop pddl check domain.pddl
              outerloop pddl check domain.pddl p01.pddl --json
            """)
        {
            domain,
            problem,
            json,
        };
        command.SetAction(parsed =>
        {
            ProblemCheck check = ProblemCheck.OfFiles(parsed.GetValue(domain)!, parsed.GetValue(problem));
            if (parsed.GetValue(json))
                Json.Write(CheckReport.Of(check), terminal.Output);
            else
                Print(check, terminal);
            return check.Ok ? ExitCode.Done : ExitCode.WrongInput;
        });
        return command;
    }

    private static void Print(ProblemCheck check, Terminal terminal)
    {
        foreach (Diagnostic error in check.Errors)
            terminal.Say(error.Render());
        foreach (UnsupportedFeature feature in check.Unsupported)
            terminal.Say($"{feature.Place.File}:{feature.Place.Line}:{feature.Place.Column}: {feature.Place.Message}");
        if (check.Ok)
            terminal.Output.WriteLine("ok");
    }
}
