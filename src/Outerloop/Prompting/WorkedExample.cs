using Outerloop.Planning.Domains;
using Outerloop.Planning.Pddl;

namespace Outerloop.Prompting;

/// <summary>A small problem of a domain with a plan that works; the same in every run, and in no set of tasks.</summary>
/// <param name="Plan">A step on each line.</param>
public sealed record WorkedExample(Problem Problem, string Plan)
{
    private const int Draws = 40;

    /// <summary>Of some problems of the pool's sizes the one with the shortest plan.</summary>
    public static WorkedExample Of(PlanningDomain domain)
    {
        Random random = new Seed(0).Then("worked example").Then(domain.Name).ToRandom();
        SolvableTask shortest = Enumerable.Range(0, Draws)
            .Select(_ => domain.DrawUnsolved(domain.PoolSizes, random))
            .MinBy(task => task.Witness.Count())!;
        Problem problem = PddlReader.ReadProblem(new SourceText("example.pddl", shortest.Write("example", domain.Domain.Name, random)), domain.Domain).Value!;
        return new WorkedExample(problem, string.Join('\n', shortest.Witness));
    }

    /// <param name="hide">Tells names as the question tells them.</param>
    public string Tell(Func<string, string> hide) => $"""
        A problem of this domain:
        ```pddl
        {hide(PddlPrinter.Print(Problem).Trim())}
        ```

        A plan for it:
        ```
        {hide(Plan)}
        ```


        """;
}
