namespace Outerloop.Gateway.Tests.Support;

/// <summary>Time that passes when a test says so.</summary>
internal sealed class SteppedClock : TimeProvider
{
    private long _passed;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Interlocked.Read(ref _passed);

    public void Pass(TimeSpan time) => Interlocked.Add(ref _passed, time.Ticks);
}
