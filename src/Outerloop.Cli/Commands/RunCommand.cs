using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Outerloop.Cli.Display;
using Outerloop.Configuration;
using Outerloop.Curation;
using Outerloop.Policies;
using Outerloop.Policies.Servers;
using Outerloop.Reporting;
using Outerloop.Runs;
using Outerloop.Slurm;
using Outerloop.Training;
using Spectre.Console;

namespace Outerloop.Cli.Commands;

/// <summary><c>outerloop run</c>: the whole loop.</summary>
internal sealed class RunCommand
{
    private readonly Argument<string?> _file = new("FILE.yaml") { Description = "a run file; options override it", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<string?> _out = new("--out") { Description = "the run's folder [runs/DOMAIN-sSEED-TIME]", HelpName = "DIR" };
    private readonly Option<bool> _resume = new("--resume") { Description = "go on with the run in --out (or the newest in runs/)" };
    private readonly Option<int> _threads = new("--threads") { Description = "worker threads [all processors]; the result does not depend on it", HelpName = "N" };
    private readonly Option<bool> _json = new("--json") { Description = "print the figures as JSON" };
    private readonly SettingOptions _settings = new();
    private readonly ServerOptionSet _servers = new();
    private readonly FleetOptionSet _fleet = new();
    private readonly TrainingPlaceOptions _training = new();
    private readonly DryRun _dryRun;
    private readonly Terminal _terminal;
    private readonly TimeProvider _clock;

    private RunCommand(Terminal terminal, TimeProvider clock)
    {
        _dryRun = new DryRun(terminal);
        _terminal = terminal;
        _clock = clock;
    }

    public static Command Create(Terminal terminal, TimeProvider clock)
    {
        var run = new RunCommand(terminal, clock);
        var command = new Command(
            "run",
            """
            Run the whole loop: deploy, verify, curate, fine-tune, and again.

            Examples:
              outerloop run
              outerloop run --tasks 2000 --generations 8 --seed 1 --out runs/long
              outerloop run experiment.yaml --json > result.json
              outerloop run --resume --out runs/long
              outerloop run --store postgres://user@db1/runs --workers 0 --out runs/long
            """)
        {
            run._file,
        };
        run._settings.AddTo(command);
        run._servers.AddTo(command);
        run._fleet.AddTo(command);
        run._training.AddTo(command);
        run._dryRun.AddTo(command);
        foreach (Option option in (Option[])[run._out, run._resume, run._threads, run._json])
            command.Add(option);
        command.SetAction(run.Execute);
        return command;
    }

    private async Task<int> Execute(ParseResult parsed, CancellationToken cancellation)
    {
        int threads = Threads(parsed);
        _fleet.Check(parsed);
        _training.Check(parsed);
        if (_dryRun.IsWanted(parsed))
            return SayWhatWouldHappen(parsed);
        using RunFolder folder = await Open(parsed, cancellation);
        BaseModel.EnsureIn(folder);
        RunSummary summary = await RunToTheEnd(folder, parsed, threads, cancellation);
        await RunReport.Write(folder.Path, RunReport.FileOf(folder.Path), domain => PolicyCatalog.FormatOf(folder.Path, domain), planner: null, cancellation);
        _terminal.Say($"report {RunReport.FileOf(folder.Path)}");
        _terminal.Messages.WriteLine(Memory());
        if (parsed.GetValue(_json))
            Json.Write(summary, _terminal.Output);
        else
            SummaryTable.Write(summary, _terminal.OutputConsole());
        return ExitCode.Done;
    }

    private async Task<RunSummary> RunToTheEnd(RunFolder folder, ParseResult parsed, int threads, CancellationToken cancellation)
    {
        try
        {
            return await ProgressDisplay.Run(_terminal.Messages, _clock, display => RunIn(folder, parsed, threads, display, cancellation));
        }
        catch (OperationCanceledException)
        {
            _terminal.Say($"go on with: outerloop run --resume --out {folder.Path}");
            throw;
        }
    }

    private Task<RunSummary> RunIn(RunFolder folder, ParseResult parsed, int threads, IProgressDisplay display, CancellationToken cancellation)
    {
        display.Say($"run {folder.Path}");
        var around = new ServerSurroundings(_clock, new SaidNotices(display));
        IPolicyFactory policies = PolicyCatalog.Create(folder, threads, () => _servers.Servers(parsed), around);
        var slurm = new SlurmSurroundings(new SlurmCluster(), _clock, around.Notices);
        var parts = new RunParts(policies, _training.Trainer(parsed, folder, policies, threads, slurm), new RunScreen(display), _clock)
        {
            Budget = _servers.Budget(parsed),
            Workforce = _fleet.Workforce(parsed, folder, threads, _servers.Repeat(parsed), slurm),
        };
        return RunExecution.Execute(folder, parts, cancellation);
    }

    private static string Memory()
    {
        using var process = Process.GetCurrentProcess();
        return string.Create(CultureInfo.InvariantCulture, $"{process.PeakWorkingSet64 >> 20} MB at most");
    }

    private async Task<RunFolder> Open(ParseResult parsed, CancellationToken cancellation)
    {
        string? path = parsed.GetValue(_out);
        if (path is not null && string.IsNullOrWhiteSpace(path))
            throw new InputException("--out: name a folder");
        if (!parsed.GetValue(_resume))
        {
            RunSettings asked = Checked(parsed);
            if (ServerPolicyFactory.ModelOf(asked.Policy) is not null)
                _ = _servers.Servers(parsed);
            _ = _servers.Budget(parsed);
            path ??= RunNames.New(asked, _clock);
            string? database = await _fleet.Store(parsed, path, cancellation);
            _fleet.Require(parsed, database);
            _training.Require(parsed, asked, database);
            return RunFolder.Create(path, asked, database);
        }

        path ??= RunNames.Newest() ?? throw new InputException("runs: no run to resume; say which with --out");
        if (_fleet.NamesStore(parsed))
            throw new InputException($"{path}: this run has its store already ({RunFolder.StoreOf(path)}); resume it without --store");
        RunSettings begun = RunFolder.SettingsAt(path);
        if (RunFile.Print(Asked(parsed, begun)) != RunFile.Print(begun))
            throw new InputException($"{path}: this run began with other settings (see its run.yaml); resume it without changing them");
        return RunFolder.Resume(path);
    }

    private int SayWhatWouldHappen(ParseResult parsed)
    {
        if (parsed.GetValue(_resume))
            throw new InputException("--dry-run says what a new run would do; leave out --resume");
        RunSettings asked = Checked(parsed);
        string path = parsed.GetValue(_out) ?? RunNames.New(asked, _clock);
        return _dryRun.Say(parsed, path, asked, (_fleet.StoreAddress(parsed, path), _servers.Choices(parsed), _servers.Budget(parsed)), parsed.GetValue(_json));
    }

    private RunSettings Checked(ParseResult parsed)
    {
        RunSettings asked = Asked(parsed, new RunSettings());
        CuratorCatalog.Check(asked);
        TrainerCatalog.Check(asked);
        BaseModel.Check(asked);
        return asked;
    }

    private RunSettings Asked(ParseResult parsed, RunSettings otherwise)
    {
        string? file = parsed.GetValue(_file);
        return _settings.Apply(file is null ? otherwise : RunFile.Read(file), parsed);
    }

    private int Threads(ParseResult parsed)
    {
        int threads = parsed.GetValue(_threads);
        bool given = parsed.GetResult(_threads) is { Implicit: false };
        if (given && threads is < 1 or > 1024)
            throw new InputException($"--threads: {threads} is not between 1 and 1024");
        return given ? threads : Environment.ProcessorCount;
    }
}
