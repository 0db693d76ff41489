using Outerloop.Planning.Pddl;
using Outerloop.Planning.Validation;

namespace Outerloop.Prompting;

/// <summary>How a task is put to a model, and how a plan is read from its answer.</summary>
public interface IPromptFormat
{
    /// <param name="order">Shuffles facts and goals, which mean the same in any order; without it they are told as written.</param>
    string Prompt(Problem problem, Random? order = null);

    /// <param name="validator">Of the answer's problem, whose names it knows.</param>
    Reading<Plan> ReadPlan(string answer, PlanValidator validator);
}
