using System.Threading.RateLimiting;
using Outerloop.Gateway.OpenAi;

namespace Outerloop.Gateway.Endpoints;

/// <summary>Lets so many answers be under way at a time, and no more.</summary>
internal sealed class Admission(int most) : IDisposable
{
    private readonly ConcurrencyLimiter _limiter = new(new ConcurrencyLimiterOptions { PermitLimit = most, QueueLimit = 0 });

    /// <summary>Answers under way.</summary>
    public long UnderWay => most - _limiter.GetStatistics()!.CurrentAvailablePermits;

    /// <summary>A place for each answer of a request until it is disposed of.</summary>
    /// <exception cref="ApiException">There are not so many.</exception>
    public IDisposable Enter(int answers)
    {
        if (answers > most)
            throw ApiException.Wrong("n", $"must be at most {most} on this server");
        RateLimitLease lease = _limiter.AttemptAcquire(answers);
        if (lease.IsAcquired)
            return lease;
        lease.Dispose();
        throw new ApiException(429, $"{most} answers are under way; ask again later", code: "rate_limit_exceeded") { RetryAfter = 1 };
    }

    public void Dispose() => _limiter.Dispose();
}
