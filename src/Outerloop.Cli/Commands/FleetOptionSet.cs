using System.CommandLine;
using System.Globalization;
using Outerloop.Deployment.Workers;
using Outerloop.Runs;
using Outerloop.Slurm;
using Outerloop.Storage;

namespace Outerloop.Cli.Commands;

/// <summary>Where a run's store is and who deploys. Neither decides a run's result.</summary>
internal sealed class FleetOptionSet
{
    private const string Slurm = "slurm:";

    private readonly Option<string?> _store = StoreOption("a database for the run's store, in place of a file: postgres:Host=db1;Database=runs or postgres://user@db1/runs");
    private readonly Option<string?> _workers = new("--workers") { Description = "who deploys, if not this process: N processes here, slurm:N tasks of a job array, or 0 for workers that are started by hand (outerloop worker)", HelpName = "N" };
    private readonly Option<string?> _script = new("--worker-script") { Description = "the batch script of workers on Slurm, with {command} where the worker is to stand", HelpName = "FILE" };
    private readonly Option<double> _lease = LeaseOption("--worker-lease");

    public static Option<string?> StoreOption(string description) => new("--store") { Description = description, HelpName = "postgres:…" };

    public static Option<double> LeaseOption(string name) => new(name)
    {
        Description = "so long an answer that a worker has taken waits for word of it before another may take it",
        HelpName = "SECONDS",
        DefaultValueFactory = _ => 60,
    };

    /// <exception cref="InputException">It is no time to wait.</exception>
    public static TimeSpan Seconds(Option option, double value) => value is >= 0.1 and <= 864_000
        ? TimeSpan.FromSeconds(value)
        : throw new InputException($"{option.Name}: {Text(value)} is not between 0.1 and 864000");

    public void AddTo(Command command)
    {
        command.Add(_store);
        AddWorkersTo(command);
    }

    public void AddWorkersTo(Command command)
    {
        command.Add(_workers);
        command.Add(_lease);
        command.Add(_script);
    }

    /// <exception cref="InputException">What is said of workers makes no sense.</exception>
    public void Check(ParseResult parsed)
    {
        _ = Count(parsed);
        _ = Seconds(_lease, parsed.GetValue(_lease));
        if (parsed.GetValue(_script) is { } file)
            _ = JobScript.Read(file);
    }

    /// <summary>The database that a new run's store is to be in; null for a file.</summary>
    /// <exception cref="InputException">It is no address, or has a run of this name.</exception>
    /// <exception cref="OutsideException">It cannot be reached.</exception>
    public async Task<string?> Store(ParseResult parsed, string run, CancellationToken cancellation)
    {
        if (StoreAddress(parsed, run) is null || parsed.GetValue(_store) is not { } database)
            return null;
        string name = RunFolder.NameOf(run);
        return (await PostgresAddress.Runs(database, cancellation)).Contains(name)
            ? throw new InputException($"--store: the database has a run '{name}' already; go on with it by --resume, or choose another name with --out")
            : database;
    }

    /// <summary>Where the store of a new run would be; null for a file.</summary>
    /// <exception cref="InputException">It is no address.</exception>
    public string? StoreAddress(ParseResult parsed, string run) =>
        parsed.GetValue(_store) is { } database ? PostgresAddress.OfRun(database, RunFolder.NameOf(run)) : null;

    /// <summary>Whether the command line names a store, which a resumed run has already.</summary>
    public bool NamesStore(ParseResult parsed) => parsed.GetValue(_store) is not null;

    /// <summary>Refuses a store that the workers could not reach.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="store">The run's; null for a file.</param>
    public void Require(ParseResult parsed, string? store)
    {
        if (Count(parsed) is (true, _) && (store is null || !PostgresAddress.Is(store)))
            throw new InputException("--workers slurm:N wants the run's store in PostgreSQL (--store), which workers on other machines can reach");
    }

    /// <param name="parsed">The command line.</param>
    /// <param name="folder">Of the run.</param>
    /// <param name="threads">For all workers on this machine together.</param>
    /// <param name="arguments">What each worker is told beside its run.</param>
    /// <param name="around">Slurm, and who is told what becomes of workers.</param>
    /// <returns>Null if this process deploys itself.</returns>
    public IWorkforce? Workforce(ParseResult parsed, RunFolder folder, int threads, IEnumerable<string> arguments, SlurmSurroundings around)
    {
        string logs = Path.Combine(Path.GetFullPath(folder.Path), "workers");
        string[] worker = OwnProgram.Command(["worker", Path.GetFullPath(folder.Path), "--lease", Text(parsed.GetValue(_lease)), .. arguments]);
        return Count(parsed) switch
        {
            null => null,
            (_, 0) => new UnattendedWorkforce(around.Clock, around.Notices),
            (true, var count) => OnSlurm(parsed, folder, count, ([.. worker, "--idle", "300"], logs), around),
            (false, var count) => new LocalWorkforce(count, _ => [.. worker, WorkerCommand.Attached, "--threads", Text(Math.Max(1, threads / count))], logs, around.Notices),
        };
    }

    private SlurmWorkforce OnSlurm(ParseResult parsed, RunFolder folder, int count, (string[] Command, string Logs) worker, SlurmSurroundings around)
    {
        Require(parsed, folder.Store);
        JobScript script = parsed.GetValue(_script) is { } file ? JobScript.Read(file) : JobScript.Standard;
        return new SlurmWorkforce(count, script.Of(ShellCommand.Of(worker.Command).Line), worker.Logs, around);
    }

    private (bool OnSlurm, int Count)? Count(ParseResult parsed)
    {
        if (parsed.GetValue(_workers) is not { } text)
            return null;
        bool slurm = text.StartsWith(Slurm, StringComparison.Ordinal);
        return int.TryParse(slurm ? text[Slurm.Length..] : text, NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count <= 1024 && (count > 0 || !slurm)
            ? (slurm, count)
            : throw new InputException($"--workers: '{text}' is neither a number of workers nor slurm:N");
    }

    private static string Text(IFormattable value) => value.ToString(null, CultureInfo.InvariantCulture);
}
