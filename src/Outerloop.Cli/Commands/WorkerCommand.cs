using System.CommandLine;
using Outerloop.Cli.Display;
using Outerloop.Deployment.Workers;
using Outerloop.Policies;
using Outerloop.Policies.Servers;
using Outerloop.Runs;
using Outerloop.Training;

namespace Outerloop.Cli.Commands;

/// <summary><c>outerloop worker</c>: gives answers that runs owe.</summary>
internal sealed class WorkerCommand
{
    /// <summary>Ends the worker with its standard input: with the process that has started it, whatever ends that.</summary>
    public const string Attached = "--attached";

    private readonly Argument<string?> _folder = new("RUN") { Description = "the run's folder", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<string?> _store = FleetOptionSet.StoreOption("the database of the runs' stores, where no folder is named");
    private readonly Option<string?> _run = new("--run") { Description = "the name of one of its runs [all of them]", HelpName = "NAME" };
    private readonly Option<int> _threads = ThreadOption.Create();
    private readonly Option<double> _lease = FleetOptionSet.LeaseOption("--lease");
    private readonly Option<double?> _idle = new("--idle") { Description = "end after so long without anything to do [never]", HelpName = "SECONDS" };
    private readonly Option<bool> _attached = new(Attached) { Hidden = true };
    private readonly ServerOptionSet _servers = new();
    private readonly Terminal _terminal;
    private readonly TimeProvider _clock;

    private WorkerCommand(Terminal terminal, TimeProvider clock)
    {
        _terminal = terminal;
        _clock = clock;
    }

    public static Command Create(Terminal terminal, TimeProvider clock)
    {
        var worker = new WorkerCommand(terminal, clock);
        var command = new Command(
            "worker",
            """
            Give the answers that runs owe which were begun with --workers, on this machine; it must see the runs' folders under
            the same paths. Any number of workers may be at the same run. Ctrl-C ends one, and what it had taken is free at once.

            Examples:
              outerloop worker --store postgres://user@db1/runs
              outerloop worker --store postgres://user@db1/runs --run long --idle 600
              outerloop worker runs/long
            """)
        {
            worker._folder, worker._store, worker._run, worker._threads, worker._lease, worker._idle, worker._attached,
        };
        worker._servers.AddServersTo(command);
        command.SetAction(worker.Execute);
        return command;
    }

    private async Task<int> Execute(ParseResult parsed, CancellationToken cancellation)
    {
        int threads = ThreadOption.Of(parsed, _threads);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        if (parsed.GetValue(_attached))
            _ = StopWithInput(stop);
        try
        {
            return await ProgressDisplay.Run(_terminal.Messages, _clock, display => Work(parsed, threads, display, stop.Token));
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return ExitCode.Done;
        }
    }

    private async Task<int> Work(ParseResult parsed, int threads, IProgressDisplay display, CancellationToken cancellation)
    {
        var options = new WorkerOptions(WorkerOptions.NewName(), FleetOptionSet.Seconds(_lease, parsed.GetValue(_lease)));
        TimeSpan? idle = parsed.GetValue(_idle) is { } seconds ? FleetOptionSet.Seconds(_idle, seconds) : null;
        IProgress<string>? faults = parsed.GetValue(_folder) is null && parsed.GetValue(_run) is null ? new SaidNotices(display) : null;
        var shift = new WorkerShift(await Runs(parsed, cancellation), (folder, token) => Open(folder, parsed, threads, display, options, token), faults, idle, _clock);
        display.Say($"worker {options.Name}");
        await shift.Work(cancellation);
        return ExitCode.Done;
    }

    private async Task<Func<CancellationToken, Task<IReadOnlyList<string>>>> Runs(ParseResult parsed, CancellationToken cancellation)
    {
        string? folder = parsed.GetValue(_folder), database = parsed.GetValue(_store), run = parsed.GetValue(_run);
        if ((folder is null) == (database is null) || (folder is not null && run is not null))
            throw new InputException("name a run's folder, or the database of the runs with --store; see outerloop worker --help");
        var shared = new SharedRuns(database ?? "");
        if (folder is null && run is null)
            return shared.Owing;
        string one = folder ?? await shared.Folder(run!, cancellation);
        return _ => Task.FromResult<IReadOnlyList<string>>([one]);
    }

    private async Task<Worker> Open(
        string path, ParseResult parsed, int threads, IProgressDisplay display, WorkerOptions options, CancellationToken cancellation)
    {
        RunFolder folder = RunFolder.Join(path);
        display.Say($"run {path}");
        var around = new ServerSurroundings(_clock, new SaidNotices(display));
        IPolicyFactory policies = PolicyCatalog.Create(folder, threads, () => _servers.Servers(parsed), around);
        var parts = new RunParts(policies, TrainerCatalog.Create(folder.Settings, policies, threads), new WorkerScreen(display), _clock);
        return await Worker.Open(folder, parts, options, cancellation);
    }

    private static async Task StopWithInput(CancellationTokenSource stop)
    {
        await Task.Yield();
        using Stream input = Console.OpenStandardInput();
        byte[] nothing = new byte[64];
        while (await input.ReadAsync(nothing) > 0)
        {
        }

        await stop.CancelAsync();
    }
}
