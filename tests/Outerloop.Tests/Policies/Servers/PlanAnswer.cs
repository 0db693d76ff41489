using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Outerloop.Planning.Domains;
using Outerloop.Planning.Pddl;
using Outerloop.Planning.Search;
using Outerloop.Planning.Validation;

namespace Outerloop.Tests.Policies.Servers;

/// <summary>The answer to a question about Blocksworld, the same whenever it is asked.</summary>
internal sealed record PlanAnswer(string Problem, string Id, string Model, string Text, int Choices)
{
    /// <summary>Of each token; another one for each model.</summary>
    public double LogProb { get; init; } = LogProbOf(Model);

    public static double LogProbOf(string model) => -0.5 * model.Length / PlanServer.Model.Length;

    public static PlanAnswer To(JsonObject request, string id)
    {
        string prompt = (string)request["messages"]![0]!["content"]!;
        int start = prompt.IndexOf("(define (problem", StringComparison.Ordinal);
        string pddl = prompt[start..prompt.IndexOf("```", start, StringComparison.Ordinal)];
        Problem problem = PddlReader.ReadProblem(new SourceText("p.pddl", pddl), DomainCatalog.Find("blocksworld")!.Domain).Value!;
        bool right = problem.Name[^1] % 3 != 0;
        ImmutableArray<PlanStep> steps = Planner.Solve(problem).Plan!.Steps;
        string plan = string.Join('\n', steps.Skip(right ? 0 : 1).Select(step => $"({step.Action} {string.Join(' ', step.Arguments)})"));
        return new PlanAnswer(problem.Name, $"chatcmpl-{id}", (string)request["model"]!, $"<think>\nEasy, naïve even.\n</think>\n```\n{plan}\n```", (int?)request["n"] ?? 1);
    }

    public string Json(Action<JsonObject>? spoil = null)
    {
        var json = new JsonObject
        {
            ["id"] = Id,
            ["object"] = "chat.completion",
            ["model"] = Model,
            ["system_fingerprint"] = "fp_1",
            ["choices"] = new JsonArray([.. Enumerable.Range(0, Choices).Select(Choice)]),
            ["usage"] = new JsonObject { ["prompt_tokens"] = 100, ["completion_tokens"] = 7 * Choices, ["completion_tokens_details"] = new JsonObject { ["reasoning_tokens"] = 3 * Choices } },
        };
        spoil?.Invoke(json);
        return json.ToJsonString();
    }

    private JsonObject Choice(int index) => new()
    {
        ["index"] = index,
        ["finish_reason"] = "stop",
        ["message"] = new JsonObject { ["role"] = "assistant", ["content"] = Text },
        ["token_ids"] = new JsonArray([.. Enumerable.Range(1, 7).Select(id => (JsonNode)id)]),
        ["logprobs"] = new JsonObject { ["content"] = new JsonArray([.. Enumerable.Range(1, 7).Select(_ => (JsonNode)new JsonObject { ["token"] = "x", ["logprob"] = LogProb })]) },
    };
}
