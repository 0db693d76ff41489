using System.CommandLine;
using System.Text.Json;
using Outerloop.Gateway;
using Outerloop.Gateway.Keys;
using Outerloop.Gateway.Models;
using Outerloop.Gateway.Telemetry;
using Outerloop.Gateway.Upstreams;
using Outerloop.Live;
using Outerloop.Policies.Servers;
using Outerloop.Runs;

namespace Outerloop.Cli.Commands;

/// <summary><c>outerloop serve</c>: generations and other models behind OpenAI's API.</summary>
internal sealed class ServeCommand
{
    private static readonly GatewayOptions Usual = new();

    private readonly Option<string?> _run = new("--run") { Description = "serve the generations of a run, also of one that is under way, and tell of it under /api/v1/", HelpName = "RUN" };
    private readonly Option<string?> _runs = new("--runs") { Description = "tell of all runs of a folder under /api/v1/", HelpName = "FOLDER" };
    private readonly Option<string?> _model = new("--model") { Description = "serve the model in a folder", HelpName = "DIR" };
    private readonly Option<string?> _name = new("--name") { Description = "what requests call it [the folder's name]", HelpName = "NAME" };
    private readonly Option<string[]> _upstreams = new("--upstream") { Description = "pass requests for other models to a server with OpenAI's API; several share the load", HelpName = "URL" };
    private readonly Option<string?> _upstreamKey = new("--upstream-key") { Description = "the environment variable that has those servers' key", HelpName = "VARIABLE" };
    private readonly Option<string> _host = new("--host") { Description = "the address to listen at", DefaultValueFactory = _ => Usual.Host, HelpName = "ADDRESS" };
    private readonly Option<int> _port = new("--port") { Description = "the port to listen at; 0 for a free one", DefaultValueFactory = _ => Usual.Port, HelpName = "N" };
    private readonly Option<int> _answers = new("--most-answers") { Description = "answers under way at a time; more are refused with 429", DefaultValueFactory = _ => Usual.MostAnswers, HelpName = "N" };
    private readonly Option<bool> _loads = new("--allow-loading") { Description = "let requests load models from folders of this machine, as run --reload vllm does" };
    private readonly Option<bool> _noStore = new("--no-store") { Description = "with --run: keep no record of the answers" };
    private readonly Option<string?> _keys = new("--keys") { Description = "answer only requests with a key of this file", HelpName = "FILE" };
    private readonly Option<string?> _newKey = new("--new-key") { Description = "make a key, print it with its line for the file of keys, and end", HelpName = "NAME" };
    private readonly Option<int> _threads = new("--threads") { Description = "worker threads of each model [all processors]", DefaultValueFactory = _ => Usual.Threads, HelpName = "N" };
    private readonly Option<bool> _json = new("--json") { Description = "say where it listens as a line of JSON" };
    private readonly Terminal _terminal;
    private readonly TimeProvider _clock;

    private ServeCommand(Terminal terminal, TimeProvider clock)
    {
        _terminal = terminal;
        _clock = clock;
    }

    public static Command Create(Terminal terminal, TimeProvider clock)
    {
        var serve = new ServeCommand(terminal, clock);
        var command = new Command(
            "serve",
            """
            Serve models behind OpenAI's API (chat completions, completions, models, feedback), and show runs and their traces in a browser, and as JSON under
            /api/v1/. The answers of a run's generations are kept in the run's store, those to planning tasks as verified traces.

            Examples:
              outerloop serve --run runs/long
              outerloop serve --runs runs
              outerloop serve --model models/base --name base --allow-loading
              outerloop serve --upstream http://gpu1:8000/v1 --upstream http://gpu2:8000/v1 --upstream-key VLLM_KEY
              outerloop serve --new-key alice
              outerloop serve --run runs/long --keys keys.yaml --host 0.0.0.0
            """)
        {
            serve._run, serve._runs, serve._model, serve._name, serve._upstreams, serve._upstreamKey, serve._host, serve._port, serve._answers, serve._loads, serve._noStore, serve._keys, serve._newKey, serve._threads, serve._json,
        };
        command.SetAction(serve.Execute);
        return command;
    }

    private async Task<int> Execute(ParseResult parsed, CancellationToken cancellation)
    {
        if (parsed.GetValue(_newKey) is { } user)
            return MakeKey(user);
        var folders = new FolderModels(_clock);
        if (parsed.GetValue(_model) is { } model)
            folders.TryAdd(parsed.GetValue(_name) ?? Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(model))), model);
        string? run = parsed.GetValue(_run);
        using UpstreamPool? upstreams = Upstreams(parsed);
        bool isElsewhere = run is not null && upstreams is not null && ServerPolicyFactory.ModelOf(RunFolder.SettingsAt(run).Policy) is not null;
        IModelSource[] runs = run is not null && !isElsewhere ? [new RunModels(run)] : [];
        if (parsed.GetValue(_model) is null && run is null && upstreams is null && parsed.GetValue(_runs) is null)
            throw new InputException("say what to serve with --run, --model or --upstream, or what to tell of with --runs");
        if (parsed.GetValue(_runs) is { } shown && !Directory.Exists(shown))
            throw new InputException($"--runs: {shown}: there is no such folder");
        using TelemetryExport? telemetry = TelemetryExport.Start();
        using ApiKeys? keys = parsed.GetValue(_keys) is { } file ? ApiKeys.Read(file) : null;
        await using LiveRecorder? recorder = run is null || parsed.GetValue(_noStore)
            ? null
            : await LiveRecorder.Open(run, _clock, cancellation);
        var around = new GatewaySurroundings(_clock, new Said(_terminal))
        {
            Recorder = recorder,
            Keys = keys,
            Upstreams = upstreams,
            Generations = isElsewhere ? new UpstreamGenerations(run!) : null,
        };
        await using GatewayServer server = await GatewayServer.Start(Options(parsed), folders, runs, around, cancellation);
        await Announce(server, parsed.GetValue(_json), cancellation);
        if (run is not null || parsed.GetValue(_runs) is not null)
            _terminal.Say($"pages of runs and traces: {new Uri(server.Url, "/")}");
        if (upstreams is not null)
            _terminal.Say($"requests for other models go to {upstreams}");
        if (keys is null && !server.Url.IsLoopback)
            _terminal.Say("without --keys, whoever reaches this address can use the models and read what is kept");
        await Task.Delay(Timeout.InfiniteTimeSpan, _clock, cancellation);
        return ExitCode.Done;
    }

    /// <summary>Null where no other servers are named.</summary>
    private UpstreamPool? Upstreams(ParseResult parsed)
    {
        if (parsed.GetValue(_upstreams) is not { Length: > 0 } urls)
            return parsed.GetValue(_upstreamKey) is null ? null : throw new InputException("--upstream-key: there is no --upstream");
        string? key = null;
        if (parsed.GetValue(_upstreamKey) is { } variable)
            key = Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value && !value.Any(char.IsControl) ? value : throw new InputException($"--upstream-key: the environment variable {variable} has no key");
        return new UpstreamPool(new UpstreamOptions(ServerOptions.ReadUrls(string.Join(',', urls), "--upstream"), key), _clock);
    }

    /// <summary>The key is shown once; the file has its hash alone.</summary>
    private int MakeKey(string user)
    {
        (string key, string hash) = ApiKeys.New();
        _terminal.Output.WriteLine(key);
        _terminal.Say("keep that key, it is not shown again; its line for the file of --keys:");
        _terminal.Output.WriteLine($"- {{name: {JsonSerializer.Serialize(user)}, sha256: {hash}, requests_per_minute: 600, concurrent: 32}}");
        return ExitCode.Done;
    }

    private GatewayOptions Options(ParseResult parsed) => new()
    {
        Host = parsed.GetValue(_host)!,
        Port = parsed.Within(_port, 0, 65535),
        MostAnswers = parsed.Within(_answers, 1, 100_000),
        LoadsModels = parsed.GetValue(_loads),
        Threads = parsed.Within(_threads, 1, 1024),
        Runs = parsed.GetValue(_run) is { } run ? [run] : [],
        RunsFolder = parsed.GetValue(_runs),
    };

    private async Task Announce(GatewayServer server, bool asJson, CancellationToken cancellation)
    {
        IEnumerable<string> models = (await server.List(cancellation)).Select(model => model.Name);
        if (asJson)
            Json.WriteLine(new { url = server.Url, models }, _terminal.Output);
        else
            _terminal.Output.WriteLine($"{server.Url} serves {string.Join(", ", models.DefaultIfEmpty("no model"))}");
    }

    private sealed class Said(Terminal terminal) : IProgress<string>
    {
        public void Report(string value) => terminal.Complain(value);
    }
}
