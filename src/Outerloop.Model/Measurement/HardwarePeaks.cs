using Outerloop.Model.Kernels;
using Outerloop.Model.Training;

namespace Outerloop.Model.Measurement;

/// <summary>What the processor can do at most, with so many threads: the yardstick of every other figure.</summary>
/// <param name="FlopsPerSecond">Multiply-adds from registers with the instruction of the kernels in use, two operations each.</param>
/// <param name="BytesPerSecond">Reading memory far beyond the caches.</param>
public sealed record HardwarePeaks(double FlopsPerSecond, double BytesPerSecond)
{
    private const int Rounds = 4_000_000;
    private const int BufferFloats = 32 * 1024 * 1024;
    private const int Runs = 7;

    public static HardwarePeaks Measure(WorkTimer timer, int threads)
    {
        KernelSet kernels = KernelSet.Best;
        var workers = new Workers(threads);
        double operations = kernels.ExerciseMultiplyAdds(1) * Rounds * threads;
        double arithmetic = timer.Seconds(Runs, () => workers.Run(threads, (_, _) => kernels.ExerciseMultiplyAdds(Rounds)))[0];
        FloatBuffer[] buffers = [.. Enumerable.Range(0, threads).Select(_ => new FloatBuffer(BufferFloats / threads))];
        foreach (FloatBuffer buffer in buffers)
            buffer.Span.Fill(1f); // memory that was never written is one and the same page
        double reading = timer.Seconds(Runs, () => workers.Run(threads, (part, _) => kernels.SumGradients([buffers[part]], 0, buffers[part].Length)))[0];
        buffers = [];
        GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true); // not to be counted as the model's memory
        return new HardwarePeaks(operations / arithmetic, (double)sizeof(float) * BufferFloats / reading);
    }
}
