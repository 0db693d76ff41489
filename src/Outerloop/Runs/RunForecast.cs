using Outerloop.Configuration;
using Outerloop.Deployment;
using Outerloop.Planning.Domains;
using Outerloop.Policies.Servers;
using Outerloop.Prompting;
using Outerloop.Tasks;
using Outerloop.Training;
using Outerloop.Training.Commands;

namespace Outerloop.Runs;

/// <summary>What a domain would take, all generations together.</summary>
/// <param name="Requests">To the policy; for a model on servers with several answers each, if so asked.</param>
/// <param name="Answers">Traces.</param>
/// <param name="PromptTokens">Estimated: words for the small models, a third of the characters for others.</param>
/// <param name="AnswerTokens">Of so many a trace as are expected.</param>
/// <param name="TrainedTokens">If every task were solved in the first generation: at most, but for <c>trainer.minSteps</c>.</param>
public sealed record DomainForecast(string Domain, long Requests, long Answers, long PromptTokens, long AnswerTokens, long TrainedTokens)
{
    /// <summary>The command of the trainer for generation 1, if it is one.</summary>
    public string? TrainerCommand { get; init; }
}

/// <summary>What is not known before a run, as its user expects it.</summary>
/// <param name="AnswerTokens">Of a trace.</param>
/// <param name="Choices">Answers per request.</param>
/// <param name="TokensPerSecond">Of all servers, or the in-process model; null if not known.</param>
/// <param name="TrainedPerSecond">Tokens read in training; null if not known.</param>
public sealed record Expectation(int AnswerTokens, int Choices = 1, double? TokensPerSecond = null, double? TrainedPerSecond = null);

/// <summary>What a run would do. Its tasks are drawn and its questions worded as the run would; nothing is written or sent.</summary>
/// <param name="Store">Where it would be kept.</param>
/// <param name="Hours">Of deployment and training, at the expected rates; null where they are not known.</param>
/// <param name="Cost">At the prices; 0 without.</param>
public sealed record RunForecast(string Store, string Policy, int Generations, IReadOnlyList<DomainForecast> Domains, double? Hours, double Cost)
{
    /// <param name="path">The run's folder to be.</param>
    /// <param name="settings">Of the run.</param>
    /// <param name="format">How a domain's tasks are put to the model.</param>
    /// <param name="expected">What is not known.</param>
    /// <param name="prices">Of tokens.</param>
    /// <exception cref="InputException">The run could not begin: there are no such tasks, for example.</exception>
    public static RunForecast Of(string path, RunSettings settings, Func<PlanningDomain, IPromptFormat> format, Expectation expected, Budget prices)
    {
        List<DomainForecast> domains = [.. settings.Domains.Select(name => OfDomain(path, settings, DomainCatalog.Find(name)!, format, expected))];
        double? hours = HoursOf(domains.Sum(domain => domain.AnswerTokens), expected.TokensPerSecond)
            + (settings.Generations == 0 ? 0 : HoursOf(domains.Sum(domain => domain.TrainedTokens), expected.TrainedPerSecond));
        double cost = domains.Sum(domain => prices.CostOf(domain.PromptTokens, domain.AnswerTokens));
        return new RunForecast(RunFolder.StoreOf(path), settings.Policy, settings.Generations, domains, hours, cost);
    }

    private static DomainForecast OfDomain(
        string path, RunSettings settings, PlanningDomain domain, Func<PlanningDomain, IPromptFormat> format, Expectation expected)
    {
        IPromptFormat asked = format(domain);
        IReadOnlyList<PlanningTask> tasks = new TaskGenerator(domain, new Seed((ulong)settings.Seed)).DrawAll(settings);
        List<ChatCall> calls = [.. Plans(domain, tasks, settings).SelectMany(plan => ChatCall.Group(plan.Wanted, expected.Choices, request => asked.Prompt(request.Task.Problem)))];
        int deployments = settings.Generations + 1;
        long answers = calls.Sum(call => (long)call.Wanted.Count), prompts = calls.Sum(call => Tokens(call.Prompt, asked));
        double example = calls.Count == 0 ? 0 : ((double)prompts / calls.Count) + expected.AnswerTokens;
        return new DomainForecast(
            domain.Name, deployments * (long)calls.Count, deployments * answers, deployments * prompts, deployments * answers * expected.AnswerTokens,
            (long)(settings.Generations * settings.Trainer.Epochs * settings.Tasks * example))
        {
            TrainerCommand = Command(path, settings, domain),
        };
    }

    private static DeploymentPlan[] Plans(PlanningDomain domain, IReadOnlyList<PlanningTask> tasks, RunSettings settings) =>
        [DeploymentPlan.OnPool(domain.Name, 0, tasks, settings), DeploymentPlan.Evaluation(domain.Name, 0, tasks, settings)];

    private static string? Command(string path, RunSettings settings, PlanningDomain domain)
    {
        if (settings.Trainer.Kind != TrainerCatalog.Command || settings.Generations == 0)
            return null;
        Seed seed = new Seed((ulong)settings.Seed).Then("train").Then(domain.Name).Then(1);
        string output = RunFolder.GenerationOf(path, domain.Name, 1);
        return CommandTrainer.Command(new TrainingJob(domain.Name, 1, RunFolder.GenerationOf(path, domain.Name, 0), output, [], seed), settings).Line;
    }

    private static long Tokens(string prompt, IPromptFormat format) =>
        format is WordFormat ? prompt.Count(letter => letter == ' ') + 1 : prompt.Length / 3;

    private static double? HoursOf(long tokens, double? perSecond) => tokens / perSecond / 3600;
}
