using System.CommandLine;

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
            await Task.Run(
                () => Report(
                    parsed.GetValue(corpus) is { } folder ? bench.Corpus(folder, parsed.GetValue(instances)!) : bench.Generated(parsed.GetValue(count)),
                    parsed.GetValue(json),
                    terminal),
                cancellation);
            return ExitCode.Done;
        });
        return command;
    }

    private static void Report(IEnumerable<SearchRow> measured, bool json, Terminal terminal)
    {
        List<SearchRow> rows = BenchReport.Collect(measured, row => $"{row.Tasks}: {row.Solved} of {row.Count}", terminal);
        if (json)
            Json.Write(new { machine = Machine.Here(), rows }, terminal.Output);
        else
            BenchReport.Print(terminal, [], ["tasks", "count", "solved", "median s", "slowest s"], rows.Select(Cells));
    }

    private static string[] Cells(SearchRow row) =>
        [row.Tasks, BenchReport.Number(row.Count), BenchReport.Number(row.Solved), BenchReport.Number(row.Median), BenchReport.Number(row.Slowest)];
}
