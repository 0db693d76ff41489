using System.CommandLine;
using System.Globalization;
using Outerloop.Cli.Display;
using Outerloop.Planning.Pddl;
using Outerloop.Planning.Search;
using Spectre.Console;

namespace Outerloop.Cli.Commands.Pddl;

/// <summary><c>outerloop pddl solve</c>: finds a plan, a better one, or the best one.</summary>
internal sealed class SolveCommand
{
    private const double DefaultTimeout = 300;
    public const double LongestTimeout = 1_000_000;

    private static readonly TimeSpan BeforeProgress = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan BetweenProgress = TimeSpan.FromMilliseconds(250);

    private readonly Argument<string> _domain = new("DOMAIN") { Description = "domain file" };
    private readonly Argument<string> _problem = new("PROBLEM") { Description = "problem file" };
    private readonly Option<bool> _optimal = new("--optimal") { Description = "find a plan of least cost (A* with LM-cut)" };
    private readonly Option<bool> _anytime = new("--anytime") { Description = "print each plan found and look for better ones until the time is up" };
    private readonly Option<double> _timeout = new("--timeout") { Description = "seconds to search", HelpName = "S", DefaultValueFactory = _ => DefaultTimeout };
    private readonly Option<bool> _json = new("--json") { Description = "print JSON" };
    private readonly Terminal _terminal;
    private readonly TimeProvider _clock;
    private SearchProgress? _progress;

    private SolveCommand(Terminal terminal, TimeProvider clock)
    {
        _terminal = terminal;
        _clock = clock;
    }

    public static Command Create(Terminal terminal, TimeProvider clock)
    {
        var solve = new SolveCommand(terminal, clock);
        var command = new Command(
            "solve",
            """
            Find a plan and print it. Exit code 0 when there is one, 1 when none exists, 2 when the input is wrong or uses
            what search does not handle, 3 when the time or the memory was used up without a plan.

            Examples:
              outerloop pddl solve domain.pddl p01.pddl > plan
              outerloop pddl solve domain.pddl p01.pddl --optimal --timeout 60
              outerloop pddl solve domain.pddl p01.pddl --anytime --timeout 10 --json
            """)
        {
            solve._domain,
            solve._problem,
            solve._optimal,
            solve._anytime,
            solve._timeout,
            solve._json,
        };
        command.SetAction(solve.Execute);
        return command;
    }

    private async Task<int> Execute(ParseResult parsed, CancellationToken cancellation)
    {
        Problem problem = ProblemCheck.Required(parsed.GetValue(_domain)!, parsed.GetValue(_problem)!);
        bool hasUnits = problem.Metric?.Expression is not FunctionTerm;
        SearchOptions options = Options(parsed, hasUnits);
        Task<SearchResult> search = Task.Run(() => Planner.Solve(problem, options, cancellation), CancellationToken.None);
        await Task.WhenAny(search, Task.Delay(BeforeProgress, _clock, CancellationToken.None));
        SearchResult result = search.IsCompleted
            ? await search
            : await ProgressDisplay.Run(_terminal.Messages, _clock, display => Watch(search, options.Timeout!.Value, display));
        if (parsed.GetValue(_json))
            Json.Write(SolveReport.Of(result), _terminal.Output);
        else if (result.Best is not null && !options.Anytime)
            Print(result.Best, hasUnits);
        _terminal.Messages.WriteLine(Statistics(result));
        return ExitCodeOf(result);
    }

    private SearchOptions Options(ParseResult parsed, bool hasUnits)
    {
        double seconds = parsed.GetValue(_timeout);
        if (seconds is not (> 0 and <= LongestTimeout))
            throw new InputException($"--timeout: {seconds} is not a number of seconds above 0 and up to {LongestTimeout:0}");
        if (parsed.GetValue(_optimal) && parsed.GetValue(_anytime))
            throw new InputException("--optimal finds one plan, the best; leave --anytime out");
        return new SearchOptions
        {
            Optimal = parsed.GetValue(_optimal),
            Anytime = parsed.GetValue(_anytime),
            Timeout = TimeSpan.FromSeconds(seconds),
            Clock = _clock,
            OnProgress = progress => Volatile.Write(ref _progress, progress),
            OnPlan = parsed.GetValue(_anytime) && !parsed.GetValue(_json) ? plan => Print(plan, hasUnits) : null,
        };
    }

    private async Task<SearchResult> Watch(Task<SearchResult> search, TimeSpan timeout, IProgressDisplay display)
    {
        long start = _clock.GetTimestamp();
        while (!search.IsCompleted)
        {
            TimeSpan elapsed = BeforeProgress + _clock.GetElapsedTime(start);
            long whole = (long)Math.Ceiling(timeout.TotalSeconds);
            display.Show("searching", Math.Min(whole, (long)elapsed.TotalSeconds), whole, 0, Detail());
            await Task.WhenAny(search, Task.Delay(BetweenProgress, _clock, CancellationToken.None));
        }

        return await search;
    }

    private string Detail() => Volatile.Read(ref _progress) is { } progress
        ? string.Create(CultureInfo.InvariantCulture, $"{progress.Evaluated:N0} states, best estimate {progress.BestHeuristic}")
        : "grounding";

    private void Print(FoundPlan found, bool hasUnits)
    {
        _terminal.Output.Write(found.Plan.ToString());
        _terminal.Output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"; cost = {found.Cost} ({(hasUnits ? "unit" : "general")} cost)"));
    }

    private static string Statistics(SearchResult result)
    {
        string plan = result.Best is { } best ? $": {best.Plan.Length} steps, cost {best.Cost.ToString(CultureInfo.InvariantCulture)}" : "";
        string stopped = result.Stopped switch
        {
            null => "",
            SearchOutcome.Cancelled => "; stopped by Ctrl-C",
            SearchOutcome.MemoryExhausted => "; the memory was used up",
            _ => "; the time was up",
        };
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{result.Message}{plan}{stopped}; {result.Expanded:N0} states expanded, {result.Evaluated:N0} evaluated, {result.Seconds:0.00} s");
    }

    private static int ExitCodeOf(SearchResult result) => result.Stopped == SearchOutcome.Cancelled ? ExitCode.Stopped : result.Outcome switch
    {
        SearchOutcome.Solved => ExitCode.Done,
        SearchOutcome.Unsolvable => ExitCode.No,
        SearchOutcome.Unsupported => ExitCode.WrongInput,
        SearchOutcome.Cancelled => ExitCode.Stopped,
        _ => ExitCode.OutsideFailed,
    };
}
