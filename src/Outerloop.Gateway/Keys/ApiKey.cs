using System.Threading.RateLimiting;
using Outerloop.Gateway.OpenAi;

namespace Outerloop.Gateway.Keys;

/// <summary>Who may ask, and how often. The key itself is nowhere.</summary>
internal sealed class ApiKey : IDisposable
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly FixedWindowRateLimiter _requests;
    private readonly ConcurrencyLimiter _answers;

    /// <param name="name">What the store calls its user.</param>
    /// <param name="hash">SHA-256 of the key.</param>
    /// <param name="requestsPerMinute">More are refused until the minute is over.</param>
    /// <param name="concurrent">Requests under way at a time.</param>
    public ApiKey(string name, byte[] hash, int requestsPerMinute, int concurrent)
    {
        Name = name;
        Hash = hash;
        _requests = new FixedWindowRateLimiter(new FixedWindowRateLimiterOptions { PermitLimit = requestsPerMinute, Window = Minute, QueueLimit = 0 });
        _answers = new ConcurrencyLimiter(new ConcurrencyLimiterOptions { PermitLimit = concurrent, QueueLimit = 0 });
    }

    public string Name { get; }

    public byte[] Hash { get; }

    /// <summary>A request's place until it is disposed of.</summary>
    /// <exception cref="ApiException">The key has had its share.</exception>
    public IDisposable Enter()
    {
        RateLimitLease place = _answers.AttemptAcquire();
        if (!place.IsAcquired)
        {
            place.Dispose();
            throw Refusal("has as many requests under way as it may", after: 1);
        }

        using RateLimitLease request = _requests.AttemptAcquire();
        if (request.IsAcquired)
            return place;
        place.Dispose();
        TimeSpan wait = request.TryGetMetadata(MetadataName.RetryAfter, out TimeSpan left) ? left : Minute;
        throw Refusal("has had its requests of this minute", Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)));
    }

    public void Dispose()
    {
        _requests.Dispose();
        _answers.Dispose();
    }

    private ApiException Refusal(string why, int after) => new(429, $"The key '{Name}' {why}; ask again later", code: "rate_limit_exceeded") { RetryAfter = after };
}
