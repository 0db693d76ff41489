using Outerloop.Policies;
using Outerloop.Verification;

namespace Outerloop.Deployment;

/// <summary>Has a policy's answers judged as they come, and commits each soon after.</summary>
internal sealed class JudgedAnswers(IVerifier verifier, TimeProvider clock)
{
    private const int CommitEvery = 256;

    private static readonly TimeSpan CommitAfter = TimeSpan.FromMilliseconds(250);

    /// <param name="policy">Who answers.</param>
    /// <param name="requests">Taken as the policy comes to them.</param>
    /// <param name="batch">Where the traces go.</param>
    /// <param name="told">Of each answer, once it is judged.</param>
    /// <param name="cancellation">Stops; what is finished is in the batch.</param>
    public async Task Take(
        IPolicy policy, IEnumerable<CompletionRequest> requests, TraceBatch batch, Action<Completion, Judgement> told, CancellationToken cancellation)
    {
        await using var answers = new AnswerStream(policy, requests, clock, cancellation);
        while (await answers.Next(CommitAfter, batch.Count > 0 ? batch.Commit : null))
        {
            Completion completion = answers.Current;
            long before = clock.GetTimestamp();
            Judgement judgement = verifier.Judge(completion.Request.Task, completion);
            batch.Add(judgement.On(completion.Request.Id, policy.WeightsHash, completion), completion, clock.GetElapsedTime(before));
            if (batch.Count >= CommitEvery || batch.Age >= CommitAfter)
                await batch.Commit();
            told(completion, judgement);
        }
    }
}
