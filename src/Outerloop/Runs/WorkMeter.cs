namespace Outerloop.Runs;

/// <summary>Measures a piece of work from when it is made: wall-clock and processor time of this program.</summary>
public sealed class WorkMeter(TimeProvider clock)
{
    private readonly long _start = clock.GetTimestamp();
    private readonly TimeSpan _cpu = Environment.CpuUsage.TotalTime;

    public TimeSpan Elapsed => clock.GetElapsedTime(_start);

    public double CpuSeconds => (Environment.CpuUsage.TotalTime - _cpu).TotalSeconds;
}
