namespace Outerloop.Gateway.Dashboard;

/// <summary>Figures that are being computed.</summary>
internal sealed class Computing(TimeProvider clock) : IProgress<double>
{
    private readonly long _began = clock.GetTimestamp();
    private double _share;

    /// <summary>Of the work, that is done; 0 also where it is not known.</summary>
    public double Share => Volatile.Read(ref _share);

    public TimeSpan For => clock.GetElapsedTime(_began);

    public void Report(double value) => Volatile.Write(ref _share, value);
}
