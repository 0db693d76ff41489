using Dapper;
using Outerloop.Live;

namespace Outerloop.Storage;

/// <content>Which generations answer users.</content>
public sealed partial class RunStore
{
    /// <summary>In the order in which they were made.</summary>
    public async Task<IReadOnlyList<DeploymentDecision>> Decisions(string domain) =>
    [
        .. await Query<DeploymentDecision>(
            "SELECT generation AS Generation, share AS Share, time AS Time, reason AS Reason FROM deployment WHERE domain = @domain ORDER BY number",
            new { domain }),
    ];

    internal async Task Decide(string domain, DeploymentDecision decision, CancellationToken cancellation) =>
        await InTransaction(
            transaction => _connection.ExecuteAsync(
                """
                INSERT INTO deployment (domain, number, generation, share, time, reason)
                SELECT @domain, COALESCE(MAX(number), -1) + 1, @Generation, @Share, @Time, @Reason FROM deployment WHERE domain = @domain
                """,
                new
                {
                    domain,
                    decision.Generation,
                    decision.Share,
                    decision.Time,
                    decision.Reason,
                },
                transaction),
            cancellation);
}
