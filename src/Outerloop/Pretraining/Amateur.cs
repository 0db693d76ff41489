using System.Collections.Immutable;
using Outerloop.Planning.Pddl;
using Outerloop.Planning.Validation;

namespace Outerloop.Pretraining;

/// <summary>
/// Someone who knows how a domain is played and plays it unreliably, so that success falls with the length of the plan.
/// Slips: a wrong object, a step left out, swapped with the next, repeated, drawn at random, or giving up.
/// </summary>
internal sealed class Amateur(AmateurHabits habits, ImmutableArray<WrongMethod> wrongMethods, Random random)
{
    public Plan Attempt(Demonstration teacher)
    {
        bool follows = wrongMethods.IsEmpty || random.NextDouble() >= habits.Systematic;
        IReadOnlyList<PlanStep> steps = follows ? teacher.Steps : random.Draw(wrongMethods, method => method.Weight).Spoil(teacher, random);
        return new Plan([.. WithSlips(steps, teacher.Problem)]);
    }

    private List<PlanStep> WithSlips(IReadOnlyList<PlanStep> steps, Problem problem)
    {
        var spoilt = new List<PlanStep>();
        for (int i = 0; i < steps.Count; i++)
        {
            if (random.NextDouble() >= habits.Slip)
            {
                spoilt.Add(steps[i]);
                continue;
            }

            double kind = random.NextDouble();
            if (kind < 0.35)
                spoilt.Add(WithWrongObject(steps[i], problem));
            else if (kind < 0.50)
                continue;
            else if (kind < 0.65 && i + 1 < steps.Count)
                spoilt.AddRange([steps[i + 1], steps[i++]]);
            else if (kind < 0.80)
                spoilt.AddRange([steps[i], steps[i]]);
            else if (kind < 0.90)
                spoilt.Add(AnyStep(problem));
            else
                break;
        }

        return spoilt;
    }

    private PlanStep WithWrongObject(PlanStep step, Problem problem)
    {
        ImmutableArray<Parameter> parameters = problem.Domain.FindAction(step.Action)!.Parameters;
        if (parameters.IsEmpty)
            return step;
        int place = random.Next(parameters.Length);
        return step with { Arguments = step.Arguments.SetItem(place, AnyObject(parameters[place], problem)) };
    }

    private PlanStep AnyStep(Problem problem)
    {
        ActionSchema action = problem.Domain.Actions[random.Next(problem.Domain.Actions.Length)];
        return new PlanStep(action.Name, [.. action.Parameters.Select(parameter => AnyObject(parameter, problem))], 0, 0);
    }

    /// <summary>Any object of the parameter's type.</summary>
    private string AnyObject(Parameter parameter, Problem problem)
    {
        string[] fitting = [.. problem.Objects.Where(thing => problem.Domain.Types.Belongs(thing.Type, parameter.Type)).Select(thing => thing.Name)];
        return fitting[random.Next(fitting.Length)];
    }
}
