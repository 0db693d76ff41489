using Outerloop.Planning.Domains;
using Outerloop.Planning.Pddl;
using Outerloop.Planning.Validation;

namespace Outerloop.Prompting;

/// <summary>
/// A task as one message: the domain and the problem in PDDL, and an answer that is read by the rules of
/// <see cref="PlanValidator.ReadLenient"/>, its reasoning left out.
/// </summary>
public sealed class MessageFormat(PlanningDomain domain) : IPromptFormat
{
    /// <param name="problem">The task's.</param>
    /// <param name="order">Not used: the problem is told as written.</param>
    public string Prompt(Problem problem, Random? order = null) => $"""
        Find a plan for this planning problem in PDDL.

        Domain:
        ```pddl
        {domain.Pddl.Trim()}
        ```

        Problem:
        ```pddl
        {PddlPrinter.Print(problem).Trim()}
        ```

        A plan is a sequence of actions that leads from the initial state to the goal. Each action must be applicable in the
        state in which it is taken. End your answer with the plan in one code block, one action per line, each written as
        (action-name object ...), and write nothing else into that block.
        """;

    public Reading<Plan> ReadPlan(string answer, PlanValidator validator) =>
        validator.ReadLenient(new SourceText("answer", answer)).Reading;
}
