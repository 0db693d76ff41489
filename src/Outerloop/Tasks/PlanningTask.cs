using Outerloop.Planning.Pddl;

namespace Outerloop.Tasks;

/// <summary>A planning problem that a model is asked to solve.</summary>
/// <param name="ProblemText">The problem in PDDL, as it is kept in the store.</param>
/// <param name="Problem">The same, read and type-checked.</param>
/// <param name="Fingerprint">Equal for problems that differ only in the names of objects.</param>
public sealed record PlanningTask(TaskId Id, string ProblemText, Problem Problem, string Fingerprint)
{
    /// <exception cref="InputException">The text is not a problem of the domain.</exception>
    public static PlanningTask Read(TaskId id, string problemText, Domain domain)
    {
        Reading<Problem> reading = PddlReader.ReadProblem(new SourceText($"{id}.pddl", problemText), domain);
        return reading.Value is { } problem && reading.Ok
            ? new PlanningTask(id, problemText, problem, ProblemFingerprint.Of(problem))
            : throw new InputException(reading.Errors[0].ToString());
    }
}
