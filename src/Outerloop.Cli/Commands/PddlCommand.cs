using System.CommandLine;
using Outerloop.Configuration;
using Outerloop.Planning.Domains;
using Outerloop.Planning.Pddl;
using Outerloop.Planning.Validation;
using Spectre.Console;

namespace Outerloop.Cli.Commands;

/// <summary><c>outerloop pddl</c>: check, validate and generate.</summary>
internal static class PddlCommand
{
    private static readonly Option<bool> JsonOption = new("--json") { Description = "print JSON" };

    public static Command Create(Terminal terminal) =>
        new("pddl", "Planning problems: check them, validate plans, generate tasks.")
        {
            CreateCheck(terminal),
            CreateValidate(terminal),
            CreateGenerate(terminal),
            PddlSolveCommand.Create(terminal, TimeProvider.System),
        };

    private static Command CreateCheck(Terminal terminal)
    {
        var domain = new Argument<string>("DOMAIN") { Description = "domain file" };
        var problem = new Argument<string?>("PROBLEM") { Description = "problem file", Arity = ArgumentArity.ZeroOrOne };
        var command = new Command("check", "Parse and type-check a domain, and a problem of it.\n\nExample:\n  outerloop pddl check domain.pddl p01.pddl")
        {
            domain,
            problem,
            JsonOption,
        };
        command.SetAction(parsed =>
        {
            IReadOnlyList<Diagnostic> errors = Check(parsed.GetValue(domain)!, parsed.GetValue(problem));
            if (parsed.GetValue(JsonOption))
                Json.Write(new { ok = errors.Count == 0, errors = errors.Select(JsonOf) }, terminal.Output);
            else
                Print(errors, terminal);
            return errors.Count == 0 ? ExitCode.Done : ExitCode.WrongInput;
        });
        return command;
    }

    private static Command CreateValidate(Terminal terminal)
    {
        var domain = new Argument<string>("DOMAIN") { Description = "domain file" };
        var problem = new Argument<string>("PROBLEM") { Description = "problem file" };
        var plans = new Argument<string[]>("PLAN") { Description = "plan files", Arity = ArgumentArity.OneOrMore };
        var command = new Command(
            "validate",
            "Execute plans and say which work. Exit code 0 when all do, 1 when one does not.\n\nExample:\n  outerloop pddl validate domain.pddl p01.pddl plan --json")
        {
            domain,
            problem,
            plans,
            JsonOption,
        };
        command.SetAction(parsed =>
        {
            var validator = new PlanValidator(ReadProblem(parsed.GetValue(domain)!, parsed.GetValue(problem)!));
            List<(string Plan, Verdict Verdict)> verdicts =
                [.. parsed.GetValue(plans)!.Select(plan => (plan, validator.ValidateText(ReadFile(plan))))];
            foreach ((string plan, Verdict verdict) in verdicts)
                Print(plan, verdict, parsed.GetValue(JsonOption), terminal);
            return verdicts.Select(pair => ExitCodeOf(pair.Verdict)).Max();
        });
        return command;
    }

    private static Command CreateGenerate(Terminal terminal)
    {
        var domain = new Argument<string>("DOMAIN") { Description = "one of: " + string.Join(", ", DomainCatalog.All.Select(known => known.Name)) };
        var count = new Option<int>("--count") { Description = "how many", DefaultValueFactory = _ => 10 };
        var seed = new Option<long>("--seed") { Description = "drives the draw" };
        var size = new Option<string[]>("--size") { Description = "a size and its range, blocks=3-12 for example", HelpName = "NAME=MIN-MAX" };
        var difficulty = new Option<string>("--difficulty") { Description = "sizes to begin with, one of: " + SizeOptions.Difficulties, DefaultValueFactory = _ => "pool" };
        var output = new Option<string>("--out") { Description = "folder for domain.pddl and p0001.pddl …", Required = true, HelpName = "DIR" };
        var command = new Command(
            "generate",
            "Draw solvable tasks.\n\nExample:\n  outerloop pddl generate blocksworld --count 100 --seed 1 --size blocks=5-8 --out tasks")
        {
            domain,
            count,
            seed,
            difficulty,
            size,
            output,
        };
        command.SetAction(parsed =>
        {
            PlanningDomain family = FindDomain(parsed.GetValue(domain)!);
            SizeRanges sizes = SizeOptions.Read(family, parsed.GetValue(difficulty)!, parsed.GetValue(size) ?? []);
            int wanted = parsed.GetValue(count);
            if (wanted is < 1 or > 1_000_000)
                throw new InputException($"--count: {wanted} is not between 1 and 1000000");
            Generate(family, sizes, wanted, new Seed((ulong)parsed.GetValue(seed)), parsed.GetValue(output)!);
            terminal.Messages.WriteLine($"{wanted} tasks in {parsed.GetValue(output)}");
            return ExitCode.Done;
        });
        return command;
    }

    private static void Generate(PlanningDomain domain, SizeRanges sizes, int count, Seed seed, string folder)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "domain.pddl"), domain.Pddl);
        Random random = seed.Then("tasks").Then(domain.Name).ToRandom();
        for (int number = 1; number <= count; number++)
            File.WriteAllText(Path.Combine(folder, $"p{number:0000}.pddl"), domain.GenerateProblem($"{domain.Name}-{number}", sizes, random));
    }

    internal static PlanningDomain FindDomain(string name) =>
        DomainCatalog.Find(name)
        ?? throw new InputException(Choice.Unknown("domain", name, DomainCatalog.All.Select(known => known.Name)));

    internal static Problem ReadProblem(string domainFile, string problemFile)
    {
        Domain domain = Required(PddlReader.ReadDomain(ReadFile(domainFile)));
        return Required(PddlReader.ReadProblem(ReadFile(problemFile), domain));
    }

    private static T Required<T>(Reading<T> reading)
        where T : class =>
        reading.Ok ? reading.Value! : throw new InputException(reading.Errors[0].ToString());

    internal static SourceText ReadFile(string path)
    {
        try
        {
            return SourceText.FromFile(path);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{path}: cannot be read: {problem.Message}", problem);
        }
    }

    private static IReadOnlyList<Diagnostic> Check(string domainFile, string? problemFile)
    {
        Reading<Domain> domain = PddlReader.ReadDomain(ReadFile(domainFile));
        return domain.Value is null || problemFile is null
            ? domain.Errors
            : [.. domain.Errors, .. PddlReader.ReadProblem(ReadFile(problemFile), domain.Value).Errors];
    }

    private static void Print(IReadOnlyList<Diagnostic> errors, Terminal terminal)
    {
        foreach (Diagnostic error in errors)
            terminal.Messages.WriteLine(error.Render());
        if (errors.Count == 0)
            terminal.Output.WriteLine("ok");
    }

    private static void Print(string plan, Verdict verdict, bool json, Terminal terminal)
    {
        if (json)
            Json.WriteLine(new { plan, verdict = verdict.Kind, verdict.Step, verdict.Reason, verdict.Message, verdict.Cost }, terminal.Output);
        else
            terminal.Output.WriteLine($"{plan}: {verdict.Kind.ToString().ToLowerInvariant()}: {verdict.Message}");
    }

    private static int ExitCodeOf(Verdict verdict) => verdict.Kind switch
    {
        VerdictKind.Valid => ExitCode.Done,
        VerdictKind.Invalid or VerdictKind.Malformed => ExitCode.No,
        _ => ExitCode.WrongInput,
    };

    private static object JsonOf(Diagnostic error) =>
        new { error.File, error.Line, error.Column, error.Code, error.Message, error.Suggestion };
}
