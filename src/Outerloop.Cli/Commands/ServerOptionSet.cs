using System.CommandLine;
using System.Globalization;
using Outerloop.Deployment;
using Outerloop.Policies.Servers;

namespace Outerloop.Cli.Commands;

/// <summary>How models on servers are reached and what may be used of them. None of it decides a run's result, so that a resumed run may have others.</summary>
internal sealed class ServerOptionSet
{
    private const string CommandPrefix = "command:";

    private readonly Option<string?> _urls = new("--base-url") { Description = $"servers of openai:MODEL, commas between them [{ServerOptions.UrlVariable}]", HelpName = "URL" };
    private readonly Option<int> _inFlight = Number("--in-flight", "requests at a time, over all servers", 256);
    private readonly Option<int> _choices = Number("--choices", "samples of a task per request (n)", 1);
    private readonly Option<double> _deadline = Seconds("--deadline", "longest that one request may take", 1800);
    private readonly Option<double> _stall = Seconds("--stall", "a request that waits so long is named", 600);
    private readonly Option<int> _retries = Number("--retries", "times a request is sent again after a failure that may pass", 6);
    private readonly Option<double> _patience = Seconds("--patience", "how long all servers may be out of reach", 900);
    private readonly Option<LogProbKind> _logProbs = new("--log-probs") { Description = "which log-probabilities the server reports: raw (before temperature and top-p), sampled (after), none, or auto", DefaultValueFactory = _ => LogProbKind.Auto, HelpName = "KIND" };
    private readonly Option<string?> _reload = new("--reload") { Description = "how servers get a new adapter: vllm (its load_lora_adapter), or command:LINE with {adapter}, {name} and {url}", HelpName = "HOW" };
    private readonly Option<long?> _maxTokens = new("--max-tokens-total") { Description = "stop after so many tokens read and written, earlier attempts included", HelpName = "N" };
    private readonly Option<double?> _maxCost = new("--max-cost") { Description = "stop after such a cost, earlier attempts included; wants --prices", HelpName = "COST" };
    private readonly Option<string?> _prices = new("--prices") { Description = "of a million tokens read, and of a million written", HelpName = "IN,OUT" };

    private Option[] OfServers => [_urls, _inFlight, _choices, _deadline, _stall, _retries, _patience, _logProbs, _reload];

    public void AddTo(Command command)
    {
        AddServersTo(command);
        foreach (Option option in (Option[])[_maxTokens, _maxCost, _prices])
            command.Add(option);
    }

    /// <summary>Without the budget.</summary>
    public void AddServersTo(Command command)
    {
        foreach (Option option in OfServers)
            command.Add(option);
    }

    /// <summary>What the command line says of servers, to be said to another process.</summary>
    public IEnumerable<string> Repeat(ParseResult parsed) =>
        from option in OfServers
        let given = parsed.GetResult(option)
        where given is { Implicit: false }
        from word in (string[])[option.Name, .. given.Tokens.Select(token => token.Value)]
        select word;

    /// <exception cref="InputException">No server is named, or a value is wrong.</exception>
    public ServerOptions Servers(ParseResult parsed)
    {
        string? reload = parsed.GetValue(_reload);
        string? command = reload?.StartsWith(CommandPrefix, StringComparison.Ordinal) == true ? reload[CommandPrefix.Length..] : null;
        if (reload is not (null or "vllm") && command is null)
            throw new InputException($"--reload: '{reload}' is neither vllm nor {CommandPrefix}LINE");
        return new ServerOptions
        {
            BaseUrls = ServerOptions.ReadUrls(parsed.GetValue(_urls) ?? Environment.GetEnvironmentVariable(ServerOptions.UrlVariable), "--base-url"),
            ApiKey = Environment.GetEnvironmentVariable(ServerOptions.KeyVariable) is { Length: > 0 } key ? key : "none",
            InFlight = parsed.Within(_inFlight, 1, 10_000),
            Choices = Choices(parsed),
            Deadline = TimeSpan.FromSeconds(parsed.Within(_deadline, 0.1, 86_400)),
            Stall = TimeSpan.FromSeconds(parsed.Within(_stall, 0.1, 86_400)),
            Patience = TimeSpan.FromSeconds(parsed.Within(_patience, 0.1, 864_000)),
            Retries = parsed.Within(_retries, 0, 1000),
            LogProbs = parsed.GetValue(_logProbs),
            LoadsAdapters = reload == "vllm",
            ReloadCommand = command,
        };
    }

    public int Choices(ParseResult parsed) => parsed.Within(_choices, 1, 1024);

    /// <exception cref="InputException">It allows nothing, or the prices are none.</exception>
    public Budget Budget(ParseResult parsed)
    {
        long? tokens = parsed.GetValue(_maxTokens);
        double? cost = parsed.GetValue(_maxCost);
        if (tokens <= 0)
            throw new InputException($"{_maxTokens.Name}: {tokens} is not above 0");
        if (cost is not (null or > 0))
            throw new InputException(string.Create(CultureInfo.InvariantCulture, $"{_maxCost.Name}: {cost} is not above 0"));
        if (parsed.GetValue(_prices) is not { } text)
            return cost is null ? new Budget(tokens) : throw new InputException("--max-cost wants --prices IN,OUT: of a million tokens read, and of a million written");
        double[] prices = [.. text.Split(',').Select(part => double.TryParse(part, CultureInfo.InvariantCulture, out double price) && price >= 0 ? price : double.NaN)];
        return prices.Length == 2 && !prices.Any(double.IsNaN)
            ? new Budget(tokens, cost, prices[0], prices[1])
            : throw new InputException($"--prices: '{text}' is not two prices with a comma between them, 0.15,0.60 for example");
    }

    private static Option<int> Number(string name, string description, int otherwise) =>
        new(name) { Description = description, DefaultValueFactory = _ => otherwise, HelpName = "N" };

    private static Option<double> Seconds(string name, string description, double otherwise) =>
        new(name) { Description = description, DefaultValueFactory = _ => otherwise, HelpName = "SECONDS" };
}
