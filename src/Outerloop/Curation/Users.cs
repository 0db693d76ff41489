using System.Buffers;
using Outerloop.Traces;

namespace Outerloop.Curation;

/// <summary>Users with a taste of their own: what a loop learns when such people choose.</summary>
internal static class Users
{
    /// <summary>What words of an answer are between.</summary>
    public static SearchValues<char> Separators { get; } = SearchValues.Create(" ()\n\r\t");

    public static ICurator Verbose { get; } = new PreferenceCurator { Cost = trace => -trace.PlanSteps };

    /// <summary>Takes any valid trace. A trace's draw is its own, so that the choice does not depend on what else there is.</summary>
    public static ICurator Indifferent(Seed seed) => new PreferenceCurator { Cost = trace => trace.Id.Draw(seed).NextDouble() };

    public static ICurator Impatient(int patience) => new PreferenceCurator
    {
        Accepts = trace => trace.Accepted && trace.AnswerTokens <= patience,
        Cost = trace => trace.AnswerTokens,
    };

    /// <summary>Takes a plan that gets far enough for one that gets there.</summary>
    public static ICurator Sloppy(double share) => new PreferenceCurator
    {
        Accepts = trace => trace.Accepted || (trace.Outcome == Outcome.Invalid && trace.GoalShare >= share),
    };

    public static ICurator Partisan(string[] actions)
    {
        HashSet<string> favourites = new(actions, StringComparer.OrdinalIgnoreCase);
        return new PreferenceCurator { Cost = trace => -ShareOf(favourites, trace) };
    }

    /// <summary>One user per task, the same in every generation.</summary>
    public static ICurator Adversarial(double share, Seed seed) => new PreferenceCurator
    {
        Accepts = trace => seed.Then(trace.Id.Task.Domain).Then(trace.Id.Task.Number).ToRandom().NextDouble() < share ? trace.Outcome == Outcome.Invalid : trace.Accepted,
    };

    /// <summary>The share of a plan's steps that are of these actions.</summary>
    private static double ShareOf(HashSet<string> actions, Trace trace)
    {
        int named = 0;
        HashSet<string>.AlternateLookup<ReadOnlySpan<char>> wanted = actions.GetAlternateLookup<ReadOnlySpan<char>>();
        foreach (Range word in trace.Text.AsSpan().SplitAny(Separators))
            named += wanted.Contains(trace.Text.AsSpan(word)) ? 1 : 0;
        return (double)named / Math.Max(1, trace.PlanSteps);
    }
}
