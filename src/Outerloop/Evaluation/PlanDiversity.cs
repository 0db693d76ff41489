using System.Runtime.InteropServices;
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
    /// <param name="plans">Of which.</param>
    /// <param name="n">At most <see cref="LongestGram"/>.</param>
    internal static double Entropy(IEnumerable<Plan> plans, int n)
    {
        Dictionary<long, int> counts = Count(plans, n);
        double all = counts.Values.Sum(count => (double)count);
        return counts.Values.Sum(count => -count / all * Math.Log2(count / all));
    }

    /// <summary>A gram is the numbers of its actions, each in as many bits.</summary>
    private static Dictionary<long, int> Count(IEnumerable<Plan> plans, int n)
    {
        const int Bits = 63 / LongestGram;
        var (actions, counts) = (new Dictionary<string, int>(StringComparer.Ordinal), new Dictionary<long, int>());
        foreach (Plan plan in plans)
        {
            long gram = 0;
            for (int i = 0; i < plan.Steps.Length; i++)
            {
                if (!actions.TryGetValue(plan.Steps[i].Action, out int action))
                    actions[plan.Steps[i].Action] = action = actions.Count;
                gram = ((gram << Bits) | (long)action) & ((1L << (n * Bits)) - 1);
                if (i >= n - 1)
                    CollectionsMarshal.GetValueRefOrAddDefault(counts, gram, out _)++;
            }
        }

        return counts;
    }
}
