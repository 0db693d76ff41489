using System.Globalization;
using Outerloop.Configuration;
using Outerloop.Planning.Domains;
using Outerloop.Policies;
using Outerloop.Prompting;
using Outerloop.Storage;

namespace Outerloop.Runs;

/// <summary>
/// The folder of one run: <c>run.yaml</c> (the resolved settings), <c>store.sqlite</c> or <c>store.txt</c> (where the store is),
/// <c>base/</c> (generation 0), <c>generations/DOMAIN/N/</c>, <c>prompt.txt</c> where the model is on a server, and what can be made
/// again: <c>planner-DOMAIN.csv</c>, <c>figures.cache</c>. While it is
/// open no other process can open it, but for workers.
/// </summary>
public sealed class RunFolder : IDisposable
{
    private readonly FileStream? _lock;

    private RunFolder(string path, RunSettings settings, FileStream? held)
    {
        Path = path;
        Settings = settings;
        _lock = held;
    }

    public string Path { get; }

    public RunSettings Settings { get; }

    public string Store => StoreOf(Path);

    /// <summary>The words of the question to a server's model, as the run began with them.</summary>
    public PromptTemplate Prompt => PromptTemplate.Read(PromptFile);

    private string PromptFile => PromptOf(Path);

    public string Base => GenerationOf(Path, "", 0);

    /// <summary>The address of a run's store: a file in its folder, or the database that <c>store.txt</c> names.</summary>
    public static string StoreOf(string path) => StoreAddressFile.Read(path)?.Address ?? System.IO.Path.Combine(path, "store.sqlite");

    /// <summary>What a run is called: its folder's name.</summary>
    public static string NameOf(string path) => System.IO.Path.GetFileName(System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(path)));

    public string Generation(string domain, int number) => GenerationOf(Path, domain, number);

    /// <summary>Where a run's generation lies; generation 0 is the same for all domains.</summary>
    public static string GenerationOf(string path, string domain, int number) =>
        number == 0
            ? System.IO.Path.Combine(path, "base")
            : System.IO.Path.Combine(path, "generations", domain, number.ToString(CultureInfo.InvariantCulture));

    /// <summary>The file of the fine-tuning that made a generation, step by step.</summary>
    public static string CurveOf(string path, string domain, int number) => GenerationOf(path, domain, number) + ".training.csv";

    /// <summary>The file of what a classical planner makes of the tasks of a domain.</summary>
    public static string PlannerOf(string path, string domain) => System.IO.Path.Combine(path, $"planner-{domain}.csv");

    /// <summary>The file of figures that took long to compute, so that they are there when they are asked for again.</summary>
    public static string FiguresOf(string path) => System.IO.Path.Combine(path, "figures.cache");

    /// <summary>The file of the template by which models on servers are asked.</summary>
    public static string PromptOf(string path) => System.IO.Path.Combine(path, "prompt.txt");

    public void WritePrompt(PromptTemplate template) => AtomicFile.Write(PromptFile, template.Text);

    /// <summary>The weights of a generation at work, if they are still those that the store knows.</summary>
    /// <exception cref="InputException">They are others.</exception>
    public IPolicy OpenPolicy(IPolicyFactory policies, PlanningDomain domain, GenerationRecord record)
    {
        string folder = Generation(domain.Name, record.Number);
        IPolicy policy = policies.Open(folder, domain);
        return policy.WeightsHash == record.Weights
            ? policy
            : throw new InputException($"{folder}: these are not the weights that this run made (they have the hash {policy.WeightsHash}, the run's have {record.Weights}); put those back, or begin a new run");
    }

    /// <summary>Refuses a database in which another run has this run's name: a folder that was deleted, or is elsewhere.</summary>
    public async Task RequireOwn(RunStore store, CancellationToken cancellation)
    {
        if (StoreAddressFile.Read(Path) is not { } shared)
            return;
        string begun = await store.Origin("folder", System.IO.Path.GetFullPath(Path), cancellation);
        if (await store.Origin("run", shared.Run, cancellation) != shared.Run)
            throw new InputException($"{Path}: the database has another run of this name, begun in {begun}; choose another --out, or drop its schema there");
    }

    /// <summary>A new run in a folder that holds none, nor what is left of one.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="settings">Of the run.</param>
    /// <param name="database">Where its store is to be; null for a file in the folder.</param>
    /// <exception cref="InputException">The folder has a run already, or cannot be written.</exception>
    public static RunFolder Create(string path, RunSettings settings, string? database = null)
    {
        FileStream held = Lock(path);
        try
        {
            if (File.Exists(SettingsOf(path)))
                throw new InputException($"{path}: there is a run already; go on with --resume, or choose another --out");
            if (File.Exists(StoreOf(path)) || StoreAddressFile.Read(path) is not null || Directory.Exists(System.IO.Path.Combine(path, "base")) || Directory.Exists(System.IO.Path.Combine(path, "generations")))
                throw new InputException($"{path}: there is a part of a run already, without its run.yaml; choose another --out");
            if (database is not null)
                StoreAddressFile.Write(path, database);
            AtomicFile.Write(SettingsOf(path), RunFile.Print(settings));
        }
        catch
        {
            held.Dispose();
            throw;
        }

        return new RunFolder(path, settings, held);
    }

    /// <summary>A run to go on with, under the settings that it began with.</summary>
    public static RunFolder Resume(string path)
    {
        RunSettings settings = SettingsAt(path);
        FileStream held = Lock(path);
        return new RunFolder(path, settings, held);
    }

    /// <summary>A run that another process has open, for a worker.</summary>
    public static RunFolder Join(string path) => new(path, SettingsAt(path), held: null);

    /// <summary>The settings that the run in a folder began with.</summary>
    public static RunSettings SettingsAt(string path) =>
        File.Exists(SettingsOf(path)) ? RunFile.Read(SettingsOf(path)) : throw new InputException($"{path}: no run here (no run.yaml)");

    /// <summary>One of a run's domains; the first where none is named.</summary>
    public static string DomainOf(string path, RunSettings settings, string? named) =>
        named is null || settings.Domains.Contains(named)
            ? named ?? settings.Domains[0]
            : throw new InputException($"{path}: {Choice.Unknown("domain of the run", named, settings.Domains)}");

    public void Dispose() => _lock?.Dispose();

    private static string SettingsOf(string path) => System.IO.Path.Combine(path, "run.yaml");

    private static FileStream Lock(string path)
    {
        try
        {
            Directory.CreateDirectory(path);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{path}: cannot make the run's folder: {problem.Message}", problem);
        }

        string file = System.IO.Path.Combine(path, ".lock");
        try
        {
            return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (UnauthorizedAccessException problem)
        {
            throw new InputException($"{path}: the run's folder cannot be written: {problem.Message}", problem);
        }
        catch (IOException problem)
        {
            throw new InputException($"{path}: another process is at work on this run, or the folder cannot be written: {problem.Message}", problem);
        }
    }
}
