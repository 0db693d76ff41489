using Outerloop.Traces;

namespace Outerloop.Curation;

/// <summary>Goes by what users said of the answers that they were given; of the accepted ones of a task, the plan with the fewest steps.</summary>
public static class FeedbackCurator
{
    /// <summary>Names of the two in which users have a say.</summary>
    public const string Alone = "feedback", WithVerifier = "both";

    /// <summary>Trusts users alone: what they accepted, right or wrong.</summary>
    /// <param name="verdicts">Whether they accept, by trace.</param>
    public static ICurator OfUsers(IReadOnlyDictionary<TraceId, bool> verdicts) =>
        new PreferenceCurator { Accepts = trace => verdicts.TryGetValue(trace.Id, out bool accepted) && accepted };

    /// <summary>What the verifier accepted, unless a user rejected it.</summary>
    /// <param name="verdicts">Whether they accept, by trace.</param>
    public static ICurator OfBoth(IReadOnlyDictionary<TraceId, bool> verdicts) =>
        new PreferenceCurator { Accepts = trace => trace.Accepted && (!verdicts.TryGetValue(trace.Id, out bool accepted) || accepted) };
}
