using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using Outerloop.Gateway.Dashboard;
using Outerloop.Gateway.Dashboard.Api;
using Outerloop.Planning.Domains;
using Outerloop.Planning.Pddl;
using Outerloop.Planning.Tests.Reference;
using Outerloop.Planning.Validation;
using Outerloop.Tests.Support;

namespace Outerloop.Gateway.Tests.Scripts;

/// <summary>What the dashboard's scripts compute, by Node's own test runner.</summary>
public sealed partial class ScriptTests : IDisposable
{
    private const int PlansOfDomain = 12;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [NodeFact]
    public async Task The_tests_of_the_scripts_pass()
    {
        string plans = _folder.File("plans.json");
        await File.WriteAllTextAsync(plans, JsonSerializer.Serialize(DomainCatalog.All.SelectMany(domain => Enumerable.Range(0, PlansOfDomain).Select(seed => Case(domain, seed))), DashboardJson.Options));
        var start = new ProcessStartInfo("node")
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.Combine(AppContext.BaseDirectory, "scripts"),
        };
        start.Environment["OUTERLOOP_PLANS"] = plans;
        foreach (string argument in (string[])["--test", "--test-reporter=tap", "tests/"])
            start.ArgumentList.Add(argument);

        using Process node = Process.Start(start)!;
        Task<string> errors = node.StandardError.ReadToEndAsync();
        string output = await node.StandardOutput.ReadToEndAsync();
        await node.WaitForExitAsync();

        Assert.True(node.ExitCode == 0, output + await errors);
        Assert.True(int.Parse(Passed().Match(output).Groups["tests"].Value) > 15, output);
    }

    private static object Case(PlanningDomain domain, int seed)
    {
        var drawn = MutatedPlan.Draw(domain, new Random(seed));
        var view = StatesView.Of(domain.Name, new PlanValidator(drawn.Problem), new Reading<Plan>(drawn.Plan, []));
        return new { view, states = Enumerable.Range(0, view.Steps.Count + 1).Select(view.After) };
    }

    [GeneratedRegex(@"^# pass (?<tests>\d+)", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Passed();
}
