using Microsoft.AspNetCore.Http;
using Outerloop.Gateway.OpenAi;
using Outerloop.Planning.Domains;
using Outerloop.Storage;
using Outerloop.Tasks;

namespace Outerloop.Gateway.Dashboard.Api;

/// <summary>A task of a run in PDDL.</summary>
internal sealed record TaskView(string Domain, string Set, int Number, string Problem, string? DomainText)
{
    /// <exception cref="ApiException">There is no such task.</exception>
    public static async Task<TaskView> Of(ShownRun run, HttpContext context)
    {
        string domain = run.Domain($"{context.Request.RouteValues["domain"]}"), code = $"{context.Request.RouteValues["set"]}";
        TaskSet set = Enum.GetValues<TaskSet>().Cast<TaskSet?>().FirstOrDefault(one => DashboardJson.Code(one!.Value) == code) ?? throw ApiException.Wrong("set", $"must be one of {string.Join(", ", Enum.GetValues<TaskSet>().Select(DashboardJson.Code))}");
        int number = context.Whole("number");
        await using RunStore store = await run.OpenToRead(context.RequestAborted);
        return await store.Problem(new TaskId(domain, set, number)) is { } problem
            ? new TaskView(domain, code, number, problem, DomainCatalog.Find(domain)?.Pddl)
            : throw new ApiException(404, "There is no such task", code: "task_not_found");
    }
}
