using System.Buffers;
using System.ComponentModel;
using ModelContextProtocol;
using Outerloop.Planning.Pddl;
using Outerloop.Planning.Search;
using Outerloop.Planning.Validation;

namespace Outerloop.Cli.Commands.Pddl;

/// <summary>
/// The tools that agents call. Each text may be given itself or as the path of a file: what holds a parenthesis or a line
/// end, or nothing, is a text. The answers are the JSON of the verbs of the same names.
/// </summary>
internal static class PddlTools
{
    private static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(60);

    private static readonly SearchValues<char> OnlyInTexts = SearchValues.Create("()\r\n");

    [Description("Parse and type-check a PDDL domain, and a problem of it. Returns {ok, errors: [{file, line, column, code, message, suggestion}]}.")]
    public static string Check(
        [Description("The PDDL text of the domain, or the path of its file")] string domain,
        [Description("The PDDL text of the problem, or the path of its file; left out, only the domain is checked")] string? problem = null) =>
        Json.ToText(CheckReport.Of(ProblemCheck.Of(Read(domain, "domain"), problem is null ? null : Read(problem, "problem"))));

    [Description(
        "Execute a plan and say whether it solves the problem. Returns {plan, verdict, step, reason, message, cost}: the verdict is valid, invalid " +
        "(at a 1-based step, or because the goal does not hold at the end), malformed, unsupported, or error where domain or problem are wrong.")]
    public static string Validate(
        [Description("The PDDL text of the domain, or the path of its file")] string domain,
        [Description("The PDDL text of the problem, or the path of its file")] string problem,
        [Description("The plan, one step '(action object ...)' a line, or the path of its file")] string plan,
        [Description("Find the plan in free text with code fences, numbers, calls like action(a, b), or prose around it")] bool lenient = false,
        CancellationToken cancellation = default)
    {
        var validator = new BatchValidator(new BatchOptions { Lenient = lenient, TimeLimit = TimeLimit }, cancellation);
        Reading<SourceText> source = Read(plan, "plan");
        string name = source.Value?.File ?? plan;
        return Json.ToText(VerdictLine.Of(validator.Judge(name, Read(domain, "domain"), Read(problem, "problem"), source)));
    }

    [Description(
        "Find a plan and validate it. Returns {outcome, plan: [step], steps, cost, optimal, stopped, message, expanded, evaluated, seconds}: the outcome is " +
        "solved, unsolvable (no plan exists), timedOut, memoryExhausted, unsupported, or cancelled.")]
    public static async Task<string> Solve(
        [Description("The PDDL text of the domain, or the path of its file")] string domain,
        [Description("The PDDL text of the problem, or the path of its file")] string problem,
        [Description("Find a plan of least cost, which takes longer")] bool optimal = false,
        [Description("Seconds to search")] double timeout = 60,
        CancellationToken cancellation = default)
    {
        if (timeout is not (> 0 and <= SolveCommand.LongestTimeout))
            throw new McpException($"timeout: {timeout} is not a number of seconds above 0 and up to {SolveCommand.LongestTimeout:0}");
        var options = new SearchOptions { Optimal = optimal, Timeout = TimeSpan.FromSeconds(timeout) };
        Problem task = Required(domain, problem);
        return Json.ToText(SolveReport.Of(await Task.Run(() => Planner.Solve(task, options, cancellation), CancellationToken.None)));
    }

    /// <exception cref="McpException">What the client is told of a text that is wrong.</exception>
    private static Problem Required(string domain, string problem)
    {
        try
        {
            return ProblemCheck.Required(Read(domain, "domain"), Read(problem, "problem"));
        }
        catch (InputException wrong)
        {
            throw new McpException(wrong.Message, wrong);
        }
    }

    private static Reading<SourceText> Read(string textOrPath, string name) =>
        string.IsNullOrWhiteSpace(textOrPath) || textOrPath.AsSpan().ContainsAny(OnlyInTexts)
            ? new Reading<SourceText>(new SourceText(name, textOrPath), [])
            : SourceFile.Read(textOrPath);
}
