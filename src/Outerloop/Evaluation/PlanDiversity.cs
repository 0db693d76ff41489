using Outerloop.Planning.Validation;
using Outerloop.Tasks;

namespace Outerloop.Evaluation;

/// <summary>How varied the valid plans of a generation are, and what all generations up to it have found.</summary>
/// <param name="Valid">Valid traces of this generation on the pool.</param>
/// <param name="Duplicates">Of those, plans that an earlier trace had found for the same task already.</param>
/// <param name="EverSolved">Tasks solved by this or an earlier generation.</param>
/// <param name="DistinctPlans">Different plans for those tasks, by this or an earlier generation.</param>
/// <param name="Entropies">Bits per n-gram of actions (without their objects) in this generation's valid plans, n = 1, 2, 3.</param>
public sealed record PlanDiversity(int Valid, int Duplicates, int EverSolved, int DistinctPlans, IReadOnlyList<double> Entropies)
{
    public const int LongestGram = 3;

    /// <summary>One for each of the generations, from the plans of their valid traces in order.</summary>
    public static IEnumerable<PlanDiversity> Of(IEnumerable<IReadOnlyCollection<(TaskId Task, Plan Plan)>> generations)
    {
        var plans = new HashSet<(TaskId, string)>();
        var solved = new HashSet<TaskId>();
        foreach (IReadOnlyCollection<(TaskId Task, Plan Plan)> valid in generations)
        {
            int found = 0;
            foreach ((TaskId task, Plan plan) in valid)
            {
                solved.Add(task);
                found += plans.Add((task, plan.ToString())) ? 1 : 0;
            }

            double[] entropies = [.. Enumerable.Range(1, LongestGram).Select(n => Entropy(valid.Select(trace => trace.Plan), n))];
            yield return new PlanDiversity(valid.Count, valid.Count - found, solved.Count, plans.Count, entropies);
        }
    }

    /// <summary>−Σ p log₂ p over the n-grams of actions that occur.</summary>
    internal static double Entropy(IEnumerable<Plan> plans, int n)
    {
        List<int> counts =
        [
            .. plans.SelectMany(plan => Grams([.. plan.Steps.Select(step => step.Action)], n)).CountBy(gram => gram).Select(gram => gram.Value),
        ];
        double all = counts.Sum();
        return counts.Sum(count => -count / all * Math.Log2(count / all));
    }

    private static IEnumerable<string> Grams(string[] actions, int n) =>
        Enumerable.Range(0, Math.Max(0, actions.Length - n + 1)).Select(start => string.Join(' ', actions[start..(start + n)]));
}
