using System.Runtime.CompilerServices;
using Outerloop.Model.Kernels;
using Outerloop.Model.Training;

namespace Outerloop.Model.Measurement;

/// <summary>What the processor can do at most, with so many threads: the yardstick of every other figure.</summary>
/// <param name="FlopsPerSecond">Multiply-adds from registers with the instruction of the kernels in use, two operations each.</param>
/// <param name="BytesPerSecond">Reading memory far beyond the caches.</param>
public sealed record HardwarePeaks(double FlopsPerSecond, double BytesPerSecond)
{
    private const int Rounds = 4_000_000;

    /// <summary>Half a gigabyte: of a quarter of that a server's shared cache still holds a part from one run to the next.</summary>
    private const int BufferFloats = 128 * 1024 * 1024;

    private const int Runs = 7;

    public static HardwarePeaks Measure(WorkTimer timer, int threads)
    {
        KernelSet kernels = KernelSet.Best;
        var workers = new Workers(threads);
        double operations = kernels.ExerciseMultiplyAdds(1) * Rounds * threads;
        double arithmetic = timer.Seconds(Runs, () => workers.Run(threads, (_, _) => kernels.ExerciseMultiplyAdds(Rounds)))[0];
        double reading = SecondsToRead(timer, kernels, workers);
        GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true); // what was read is not to be counted as the model's memory
        return new HardwarePeaks(operations / arithmetic, (double)sizeof(float) * BufferFloats / reading);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static double SecondsToRead(WorkTimer timer, KernelSet kernels, Workers workers)
    {
        FloatBuffer[] buffers = [.. Enumerable.Range(0, workers.Count).Select(_ => new FloatBuffer(BufferFloats / workers.Count))];
        foreach (FloatBuffer buffer in buffers)
            buffer.Span.Fill(1f); // memory that was never written is one and the same page
        return timer.Seconds(Runs, () => workers.Run(workers.Count, (part, _) => kernels.SumGradients([buffers[part]], 0, buffers[part].Length)))[0];
    }
}
