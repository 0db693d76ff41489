using Microsoft.AspNetCore.Http;
using Outerloop.Gateway.OpenAi;
using Outerloop.Planning.Domains;
using Outerloop.Planning.Pddl;
using Outerloop.Planning.Validation;
using Outerloop.Prompting;

namespace Outerloop.Gateway.Dashboard.Api;

/// <summary>
/// <c>POST /api/v1/validate</c> with <c>{"problem", "plan", "domain"?}</c>: what can be said of a plan, or of what there is of one by
/// now. The domain in PDDL may be left out where the problem names one that is known here.
/// </summary>
internal static class ValidateEndpoint
{
    /// <summary>Conditions can take exponential time.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    public static async Task Handle(HttpContext context)
    {
        using RequestBody body = await RequestBody.Read(context.Request, context.RequestAborted);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        limit.CancelAfter(Longest);
        try
        {
            StatesView states = await Task.Run(() => Judge(body.Text("problem"), body.OptionalText("domain"), body.Text("plan"), limit.Token), limit.Token);
            await context.Response.WriteAsJsonAsync(states, DashboardJson.Options, context.RequestAborted);
        }
        catch (OperationCanceledException) when (!context.RequestAborted.IsCancellationRequested)
        {
            throw new ApiException(400, $"The plan could not be judged within {Longest.TotalSeconds} seconds", "plan", "time_limit");
        }
    }

    private static StatesView Judge(string problem, string? domain, string plan, CancellationToken cancellation)
    {
        (string name, Problem read) = domain is null ? Known(problem) : Written(problem, domain);
        var validator = new PlanValidator(read, cancellation);
        PlanningDomain? known = DomainCatalog.Find(name);
        Reading<Plan> reading = plan.Contains('(', StringComparison.Ordinal) || known is null
            ? validator.ReadLenient(new SourceText("plan", plan)).Reading
            : new WordFormat(known).ReadPlan(plan.Trim());
        return StatesView.Of(name, validator, reading, cancellation);
    }

    private static (string Name, Problem Problem) Known(string problem)
    {
        var source = new SourceText("problem", problem);
        foreach (PlanningDomain domain in DomainCatalog.All)
        {
            Reading<Problem> reading = PddlReader.ReadProblem(source, domain.Domain);
            if (reading.Ok)
                return (domain.Name, reading.Value);
            if (!reading.Errors.Any(error => error.Code == "wrong-domain"))
                throw ApiException.Wrong("problem", $"is wrong: {reading.Errors[0]}");
        }

        throw ApiException.Wrong("domain", "is missing: the problem is of none of the domains that are known here");
    }

    private static (string Name, Problem Problem) Written(string problem, string domain)
    {
        Reading<Domain> world = PddlReader.ReadDomain(new SourceText("domain", domain));
        if (!world.Ok)
            throw ApiException.Wrong("domain", $"is wrong: {world.Errors[0]}");
        Reading<Problem> reading = PddlReader.ReadProblem(new SourceText("problem", problem), world.Value);
        return reading.Ok ? (NameOf(world.Value), reading.Value) : throw ApiException.Wrong("problem", $"is wrong: {reading.Errors[0]}");
    }

    /// <summary>A domain is drawn as one that is known here where it is the same.</summary>
    private static string NameOf(Domain domain) =>
        DomainCatalog.All.FirstOrDefault(known => PddlPrinter.Print(known.Domain) == PddlPrinter.Print(domain))?.Name ?? domain.Name;
}
