using Outerloop.Model.Decoder;
using Outerloop.Model.Training;

namespace Outerloop.Theory;

/// <summary>Log-probabilities of traces by whole forward passes in single precision, without the sampler's cache.</summary>
internal static class ExactLogProbs
{
    /// <returns>ln π of each token of each trace.</returns>
    public static float[][] Of(
        Parameters policy, IReadOnlyList<TrainingSequence> traces, int threads, Action<int, int> progress, CancellationToken cancellation)
    {
        var result = new float[traces.Count][];
        int next = -1, done = 0;
        Parallel.For(0, Math.Min(threads, traces.Count), new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellation }, _ =>
        {
            var model = LanguageModel.InFloat(policy);
            for (int i = Interlocked.Increment(ref next); i < traces.Count; i = Interlocked.Increment(ref next))
            {
                cancellation.ThrowIfCancellationRequested();
                result[i] = model.LogProbabilities(traces[i].Tokens, traces[i].FirstTarget);
                progress(Interlocked.Increment(ref done), traces.Count);
            }
        });
        return result;
    }

    public static double Sum(float[] tokens) => tokens.Sum(value => (double)value);
}
