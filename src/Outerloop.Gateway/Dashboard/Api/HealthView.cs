using Outerloop.Runs;
using Outerloop.Storage;

namespace Outerloop.Gateway.Dashboard.Api;

/// <summary>Whether the machinery does its work.</summary>
/// <param name="At">When the outcomes were counted.</param>
/// <param name="LastChange">Of the run's files; null where its store is in none.</param>
internal sealed record HealthView(DateTimeOffset At, DateTime? LastChange, OwedView Owed, IReadOnlyList<DomainHealth> Domains);

/// <summary>What workers owe.</summary>
/// <param name="Leased">Of these, how many some worker is at.</param>
/// <param name="Expired">Of these, how many a worker took and gave no word of in time.</param>
internal sealed record OwedView(long Answers, long Leased, long Expired);

/// <param name="Costs">With the requests, retries and failures of each phase.</param>
/// <param name="Failures">Of the machinery, that no later attempt mended.</param>
internal sealed record DomainHealth(
    string Domain, IReadOnlyList<OutcomeCount> Outcomes, IReadOnlyList<PhaseCost> Costs, IReadOnlyList<MachineryFailure> Failures);
