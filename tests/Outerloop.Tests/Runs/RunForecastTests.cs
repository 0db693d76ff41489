using Outerloop.Configuration;
using Outerloop.Deployment;
using Outerloop.Prompting;
using Outerloop.Runs;
using Outerloop.Tests.Policies.Servers;
using Outerloop.Tests.Support;

namespace Outerloop.Tests.Runs;

public sealed class RunForecastTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task As_many_requests_are_foretold_as_a_run_sends()
    {
        await using PlanServer server = await PlanServer.Start();
        var run = new ServerRun(_folder.File("run"), server.Url);
        run = new ServerRun(_folder.File("run"), server.Url)
        {
            Settings = run.Settings with { Tasks = 20, HeldOut = 10, Larger = 5, Samples = 3 },
            Options = run.Options with { Choices = 2 },
        };
        DomainForecast forecast = Forecast(run.Settings, new Expectation(7, Choices: 2)).Domains.Single();
        DomainSummary summary = await run.Execute();
        Assert.Equal(server.Requests, forecast.Requests);
        Assert.Equal(PhaseCost.Total(summary.Costs).AnswerTokens, forecast.AnswerTokens);
        Assert.Equal(20 * 3 + 10 * 4 + 5, forecast.Answers);
        Assert.False(File.Exists(_folder.File("dry")));
    }

    [Fact]
    public void Hours_and_cost_follow_from_rates_and_prices()
    {
        var settings = new RunSettings { Policy = "openai:m", Tasks = 100, HeldOut = 0, Larger = 0, Generations = 1, Trainer = new TrainerSettings { Kind = "command", Command = "train {data} > {output}", Epochs = 2 } };
        RunForecast forecast = Forecast(settings, new Expectation(3600, TokensPerSecond: 100, TrainedPerSecond: 1e12), new Budget(AnswerPrice: 10));
        Assert.Equal(200 * 3600, forecast.Domains[0].AnswerTokens);
        Assert.Equal(2, forecast.Hours!.Value, 3);
        Assert.Equal(7.2, forecast.Cost, 6);
        Assert.EndsWith("1.incoming", forecast.Domains[0].TrainerCommand);
        Assert.InRange(forecast.Domains[0].TrainedTokens, 2 * 100 * 3600, 2 * 100 * 6000);
        Assert.Null(Forecast(settings, new Expectation(3600)).Hours);
    }

    private RunForecast Forecast(RunSettings settings, Expectation expected, Budget? prices = null) =>
        RunForecast.Of(_folder.File("dry"), settings, domain => new MessageFormat(domain), expected, prices ?? Budget.Unlimited);
}
