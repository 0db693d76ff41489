using System.CommandLine;
using System.Globalization;
using Spectre.Console;

namespace Outerloop.Cli.Commands.Bench;

/// <summary><c>outerloop bench search</c>: how many tasks the search solves, and how fast.</summary>
internal static class SearchBenchCommand
{
    private const int MostTasks = 100_000;

    public static Command Create(Terminal terminal, TimeProvider clock)
    {
        var count = new Option<int>("--count") { Description = "tasks for each domain", HelpName = "N", DefaultValueFactory = _ => 100 };
        var corpus = new Option<string?>("--corpus") { Description = "measure instances below this folder instead", HelpName = "DIR" };
        var instances = new Option<string>("--instances") { Description = "which folders of the corpus", HelpName = "PATTERN", DefaultValueFactory = _ => "easy-*" };
        var timeout = new Option<double>("--timeout") { Description = "seconds for each task", HelpName = "S", DefaultValueFactory = _ => 30 };
        var json = new Option<bool>("--json") { Description = "print JSON" };
        var command = new Command(
            "search",
            """
            Solve generated tasks of all domains, or the instances of a corpus: folders with a domain.pddl and a
            problem.pddl, a row for each folder that holds some. Seconds are processor time.

            Examples:
              outerloop bench search --count 100
              outerloop bench search --corpus problems --instances 'easy-*' --json
            """)
        {
            count,
            corpus,
            instances,
            timeout,
            json,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            if (parsed.GetValue(count) is not (> 0 and <= MostTasks))
                throw new InputException($"--count: give a number from 1 to {MostTasks}");
            if (parsed.GetValue(timeout) is not (> 0 and <= 1_000_000))
                throw new InputException("--timeout: give a number of seconds above 0 and up to 1000000");
            if (parsed.GetValue(corpus) is { } missing && !Directory.Exists(missing))
                throw new InputException($"--corpus: there is no folder {missing}");
            var bench = new SearchBench(TimeSpan.FromSeconds(parsed.GetValue(timeout)), clock, cancellation);
            List<SearchRow> rows = await Task.Run(
                () => (parsed.GetValue(corpus) is { } folder ? bench.Corpus(folder, parsed.GetValue(instances)!) : bench.Generated(parsed.GetValue(count))).ToList(),
                cancellation);
            if (parsed.GetValue(json))
                Json.Write(new { machine = Machine.Here(), rows }, terminal.Output);
            else
                Print(rows, terminal.OutputConsole());
            return ExitCode.Done;
        });
        return command;
    }

    private static void Print(List<SearchRow> rows, IAnsiConsole console)
    {
        var machine = Machine.Here();
        console.WriteLine($"{machine.Processors} processors, {machine.Architecture}, {machine.Framework}, {machine.System}");
        var table = new Table { Border = TableBorder.Simple };
        foreach (string column in (string[])["tasks", "count", "solved", "median s", "slowest s"])
            table.AddColumn(column);
        foreach (SearchRow row in rows)
            table.AddRow(Markup.Escape(row.Tasks), Number(row.Count), Number(row.Solved), Number(row.Median), Number(row.Slowest));
        console.Write(table);
    }

    private static string Number(double value) => value.ToString("0.###", CultureInfo.InvariantCulture);
}
