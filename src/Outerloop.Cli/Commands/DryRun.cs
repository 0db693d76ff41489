using System.CommandLine;
using System.Globalization;
using Outerloop.Configuration;
using Outerloop.Deployment;
using Outerloop.Planning.Domains;
using Outerloop.Policies;
using Outerloop.Policies.Servers;
using Outerloop.Prompting;
using Outerloop.Runs;
using Spectre.Console;

namespace Outerloop.Cli.Commands;

/// <summary><c>run --dry-run</c>: what a run would do.</summary>
internal sealed class DryRun(Terminal terminal)
{
    private readonly Option<bool> _wanted = new("--dry-run") { Description = "say what would happen, and do nothing" };
    private readonly Option<int?> _tokens = new("--expect-tokens") { Description = "of --dry-run: tokens of an answer [the most there may be]", HelpName = "N" };
    private readonly Option<double?> _throughput = new("--expect-throughput") { Description = "of --dry-run: tokens written a second, over all servers", HelpName = "N" };
    private readonly Option<double?> _training = new("--expect-training") { Description = "of --dry-run: tokens trained a second", HelpName = "N" };

    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[_wanted, _tokens, _throughput, _training])
            command.Add(option);
    }

    public bool IsWanted(ParseResult parsed) => parsed.GetValue(_wanted);

    public int Say(ParseResult parsed, string path, RunSettings settings, (string? Store, int Choices, Budget Prices) asked, bool json)
    {
        var expected = new Expectation(
            parsed.GetValue(_tokens) is { } tokens ? Positive(_tokens, tokens) : settings.MaxNewTokens,
            asked.Choices,
            parsed.GetValue(_throughput) is { } rate ? Positive(_throughput, rate) : null,
            parsed.GetValue(_training) is { } training ? Positive(_training, training) : null);
        RunForecast forecast = RunForecast.Of(path, settings, domain => Format(settings, domain), expected, asked.Prices);
        forecast = forecast with { Store = asked.Store ?? forecast.Store };
        if (json)
            Json.Write(forecast, terminal.Output);
        else
            Write(forecast, parsed.GetValue(_tokens) is null);
        return ExitCode.Done;
    }

    private static IPromptFormat Format(RunSettings settings, PlanningDomain domain) =>
        ServerPolicyFactory.ModelOf(settings.Policy) is null
            ? new LocalPolicyFactory(1).FormatOf(BaseModel.FolderOf(settings.Policy), domain)
            : PromptFormats.Of(PromptTemplate.Named(settings.Prompt.Template), domain, settings);

    private void Write(RunForecast forecast, bool atMost)
    {
        IAnsiConsole console = terminal.OutputConsole();
        console.WriteLine($"{forecast.Policy}, generations 0 to {forecast.Generations}; kept in {forecast.Store}");
        var table = new Table { Border = TableBorder.Simple };
        foreach (string title in (string[])["domain", "requests", "answers", "tokens read", atMost ? "written, at most" : "written", "trained, at most"])
            table.AddColumn(new TableColumn(title).RightAligned());
        foreach (DomainForecast domain in forecast.Domains)
            table.AddRow(domain.Domain, Number(domain.Requests), Number(domain.Answers), Number(domain.PromptTokens), Number(domain.AnswerTokens), Number(domain.TrainedTokens));
        console.Write(table);
        foreach (string command in forecast.Domains.Select(domain => domain.TrainerCommand).OfType<string>())
            console.WriteLine($"trainer: {command}");
        if (forecast.Hours is { } hours)
            console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{hours:0.0} hours at these rates"));
        if (forecast.Cost > 0)
            console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"cost {forecast.Cost:0.00} at these prices"));
    }

    private static T Positive<T>(Option option, T value)
        where T : struct, IComparable<T> =>
        value.CompareTo(default) > 0 ? value : throw new InputException($"{option.Name}: {value} is not above 0");

    private static string Number(long value) => value.ToString("#,0", CultureInfo.InvariantCulture);
}
