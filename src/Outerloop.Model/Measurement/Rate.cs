namespace Outerloop.Model.Measurement;

/// <summary>How fast one piece of work goes.</summary>
/// <param name="Name">The work.</param>
/// <param name="Best">Of the fastest run, in <paramref name="Unit"/>.</param>
/// <param name="Median">Of the median run, in <paramref name="Unit"/>.</param>
/// <param name="Unit"><c>tokens/s</c>, <c>GFLOP/s</c> or <c>GB/s</c>.</param>
/// <param name="Gflops">Arithmetic of the matrix products and of attention in the fastest run, in GFLOP/s; 0 where there is none.</param>
/// <param name="ShareOfPeak">Of the multiply-add peak measured beside it; 0 where there is no arithmetic.</param>
/// <param name="ShareOfBandwidth">Bytes of weights and cache that the fastest run must read, over the bandwidth measured beside it.</param>
public sealed record Rate(
    string Name, double Best, double Median, string Unit, double Gflops = 0, double ShareOfPeak = 0, double ShareOfBandwidth = 0);
