using System.CommandLine;
using System.Globalization;
using Outerloop.Cli.Display;
using Outerloop.Deployment.Workers;
using Outerloop.Runs;
using Outerloop.Storage;

namespace Outerloop.Cli.Commands;

/// <summary>Where a run's store is and who deploys. Neither decides a run's result.</summary>
internal sealed class FleetOptionSet
{
    private readonly Option<string?> _store = StoreOption("a database for the run's store, in place of a file: postgres:Host=db1;Database=runs or postgres://user@db1/runs");
    private readonly Option<string?> _workers = new("--workers") { Description = "who deploys, if not this process: N processes here, or 0 for workers that are started by hand (outerloop worker)", HelpName = "N" };

    private readonly Option<double> _lease = LeaseOption("--worker-lease");

    public static Option<string?> StoreOption(string description) => new("--store") { Description = description, HelpName = "postgres:…" };

    public static Option<double> LeaseOption(string name) => new(name)
    {
        Description = "so long an answer that a worker has taken waits for word of it before another may take it",
        HelpName = "SECONDS",
        DefaultValueFactory = _ => 60,
    };

    public void AddTo(Command command)
    {
        command.Add(_store);
        AddWorkersTo(command);
    }

    public void AddWorkersTo(Command command)
    {
        command.Add(_workers);
        command.Add(_lease);
    }

    /// <exception cref="InputException">What is said of workers makes no sense.</exception>
    public void Check(ParseResult parsed) => _ = Count(parsed);

    /// <summary>The database that a new run's store is to be in; null for a file.</summary>
    /// <exception cref="InputException">It is no address, or has a run of this name.</exception>
    /// <exception cref="OutsideException">It cannot be reached.</exception>
    public async Task<string?> Store(ParseResult parsed, string run, CancellationToken cancellation)
    {
        if (parsed.GetValue(_store) is not { } database)
            return null;
        string name = Path.GetFileName(Path.GetFullPath(run));
        _ = PostgresAddress.OfRun(database, name);
        return (await PostgresAddress.Runs(database, cancellation)).Contains(name)
            ? throw new InputException($"--store: the database has a run '{name}' already; go on with it by --resume, or choose another name with --out")
            : database;
    }

    /// <summary>Whether the command line names a store, which a resumed run has already.</summary>
    public bool NamesStore(ParseResult parsed) => parsed.GetValue(_store) is not null;

    /// <param name="parsed">The command line.</param>
    /// <param name="folder">Of the run.</param>
    /// <param name="threads">For all workers on this machine together.</param>
    /// <param name="arguments">What each worker is told beside its run.</param>
    /// <param name="display">Is told what becomes of them.</param>
    /// <returns>Null if this process deploys itself.</returns>
    public IWorkforce? Workforce(ParseResult parsed, RunFolder folder, int threads, IEnumerable<string> arguments, IProgressDisplay display)
    {
        if (Count(parsed) is not { } count)
            return null;
        var notices = new SaidNotices(display);
        if (count == 0)
            return new UnattendedWorkforce(TimeProvider.System, notices);
        string[] command = OwnProgram.Command(
        [
            "worker", Path.GetFullPath(folder.Path), WorkerCommand.Attached, "--threads", Text(Math.Max(1, threads / count)), "--lease", Text(parsed.GetValue(_lease)), .. arguments,
        ]);
        return new LocalWorkforce(count, command, Path.Combine(folder.Path, "workers"), notices);
    }

    private int? Count(ParseResult parsed)
    {
        if (parsed.GetValue(_workers) is not { } text)
            return null;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count <= 1024
            ? count
            : throw new InputException($"--workers: '{text}' is not a number of workers");
    }

    private static string Text(IFormattable value) => value.ToString(null, CultureInfo.InvariantCulture);
}
