using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Outerloop.Cli.Display;
using Outerloop.Planning.Validation;

namespace Outerloop.Cli.Commands.Pddl;

/// <summary><c>outerloop pddl validate</c>: a verdict for each plan, of one problem or of a batch.</summary>
internal sealed class ValidateCommand
{
    private readonly Argument<string?> _domain = new("DOMAIN") { Description = "domain file", Arity = ArgumentArity.ZeroOrOne };
    private readonly Argument<string?> _problem = new("PROBLEM") { Description = "problem file", Arity = ArgumentArity.ZeroOrOne };
    private readonly Argument<string[]> _plans = new("PLAN") { Description = "plan files", Arity = ArgumentArity.ZeroOrMore };
    private readonly Option<string?> _batch = new("--batch") { Description = "plans of many problems instead: lines of domain, problem and plan between tabs", HelpName = "FILE.tsv" };
    private readonly Option<bool> _lenient = new("--lenient") { Description = "read plans as language models write them, and say what was skipped" };
    private readonly Option<double> _timeLimit = new("--time-limit") { Description = "seconds for a plan", DefaultValueFactory = _ => 300, HelpName = "SECONDS" };
    private readonly Option<int> _threads = new("--threads") { Description = "worker threads", DefaultValueFactory = _ => Environment.ProcessorCount, HelpName = "N" };
    private readonly Option<bool> _json = new("--json") { Description = "print JSON lines" };
    private readonly Terminal _terminal;
    private readonly TimeProvider _clock;

    private ValidateCommand(Terminal terminal, TimeProvider clock)
    {
        _terminal = terminal;
        _clock = clock;
    }

    public static Command Create(Terminal terminal, TimeProvider clock)
    {
        var validate = new ValidateCommand(terminal, clock);
        var command = new Command(
            "validate",
            """
            Execute plans and say which work. Exit code 0 when all do, 1 when one is invalid or malformed, 2 when one could
            not be judged: its domain or problem is wrong, unsupported or unreadable, or the time ran out.

            Examples:
              outerloop pddl validate domain.pddl p01.pddl plan1 plan2 --json
              outerloop pddl validate --batch plans.tsv --json > verdicts.jsonl
              outerloop pddl validate domain.pddl p01.pddl answer.md --lenient
            """)
        {
            validate._domain,
            validate._problem,
            validate._plans,
            validate._batch,
            validate._lenient,
            validate._timeLimit,
            validate._threads,
            validate._json,
        };
        command.Validators.Add(validate.CheckFiles);
        command.SetAction(validate.Execute);
        return command;
    }

    private void CheckFiles(CommandResult result)
    {
        // Values cannot be asked for yet: an option given twice has none, which is reported elsewhere.
        bool batch = result.GetResult(_batch) is not null;
        int plans = result.GetResult(_plans)?.Tokens.Count ?? 0;
        if (batch && result.GetResult(_domain) is { Tokens.Count: > 0 })
            result.AddError("--batch names all files itself, so no DOMAIN, PROBLEM or PLAN can be given");
        else if (!batch && plans == 0)
            result.AddError("DOMAIN, PROBLEM and at least one PLAN are needed, or --batch");
    }

    private async Task<int> Execute(ParseResult parsed, CancellationToken cancellation)
    {
        var validator = new BatchValidator(Options(parsed), cancellation);
        bool json = parsed.GetValue(_json);
        if (parsed.GetValue(_batch) is not { } batch)
            return await Print(validator.Validate(Rows(parsed)), json, _ => { });
        IReadOnlyList<BatchRow> rows = BatchRows(batch);
        if (Terminal.ShowsOutput)
            return await Print(validator.Validate(rows), json, _ => { });
        return await ProgressDisplay.Run(
            _terminal.Messages,
            _clock,
            display => Print(validator.Validate(rows), json, done => display.Show("validating", done, rows.Count, 0, "")));
    }

    /// <summary>Prints each verdict as it comes, and returns the exit code for all of them.</summary>
    private async Task<int> Print(IAsyncEnumerable<BatchVerdict> verdicts, bool json, Action<int> progress)
    {
        int exitCode = ExitCode.Done, done = 0;
        await foreach (BatchVerdict verdict in verdicts)
        {
            Print(VerdictLine.Of(verdict), json);
            exitCode = Math.Max(exitCode, ExitCodeOf(verdict.Verdict.Kind));
            progress(++done);
        }

        return exitCode;
    }

    private void Print(VerdictLine line, bool json)
    {
        if (json)
        {
            Json.WriteLine(_terminal.Output, line.WriteMembers);
            return;
        }

        foreach (SkippedLines skipped in line.Skipped ?? [])
            _terminal.Say($"{line.Plan}:{skipped.FirstLine}-{skipped.LastLine}: skipped ({skipped.Reason}): {skipped.Excerpt}");
        _terminal.Output.WriteLine(line.ToText());
    }

    private IEnumerable<BatchRow> Rows(ParseResult parsed) => parsed.GetValue(_plans)!
        .Select(plan => new BatchRow(plan, parsed.GetValue(_domain)!, parsed.GetValue(_problem)!, plan));

    private static IReadOnlyList<BatchRow> BatchRows(string file)
    {
        try
        {
            string folder = Path.GetDirectoryName(Path.GetFullPath(file))!;
            return [.. BatchFile.Rows(File.ReadLines(file), file, folder)];
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new InputException($"{file}: cannot be read: {problem.Message}", problem);
        }
    }

    private BatchOptions Options(ParseResult parsed)
    {
        int threads = parsed.GetValue(_threads);
        if (threads is < 1 or > 1024)
            throw new InputException($"--threads: {threads} is not between 1 and 1024");
        double seconds = parsed.GetValue(_timeLimit);
        if (!(seconds > 0 && seconds <= 1_000_000))
            throw new InputException(string.Create(CultureInfo.InvariantCulture, $"--time-limit: {seconds} is not between 0 and 1000000"));
        return new BatchOptions { Lenient = parsed.GetValue(_lenient), Threads = threads, TimeLimit = TimeSpan.FromSeconds(seconds) };
    }

    private static int ExitCodeOf(VerdictKind kind) => kind switch
    {
        VerdictKind.Valid => ExitCode.Done,
        VerdictKind.Invalid or VerdictKind.Malformed => ExitCode.No,
        _ => ExitCode.WrongInput,
    };
}
