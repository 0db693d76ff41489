using System.CommandLine;
using Outerloop.Configuration;
using Outerloop.Planning.Domains;
using Spectre.Console;

namespace Outerloop.Cli.Commands.Pddl;

/// <summary><c>outerloop pddl generate</c>: solvable tasks of a domain.</summary>
internal static class GenerateCommand
{
    public static Command Create(Terminal terminal)
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

    private static PlanningDomain FindDomain(string name) =>
        DomainCatalog.Find(name)
        ?? throw new InputException(Choice.Unknown("domain", name, DomainCatalog.All.Select(known => known.Name)));
}
