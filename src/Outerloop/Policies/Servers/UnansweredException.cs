namespace Outerloop.Policies.Servers;

/// <summary>A question on the way to another one was not answered; what came of it is what came of the other.</summary>
internal sealed class UnansweredException(Attempt attempt) : Exception(attempt.Error)
{
    public Attempt Attempt => attempt;
}
