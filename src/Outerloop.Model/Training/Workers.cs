using System.Runtime.ExceptionServices;
using Outerloop.Model.Kernels.Emitted;

namespace Outerloop.Model.Training;

/// <summary>
/// Runs numbered jobs on a fixed number of threads, each of which flushes tiny numbers to zero meanwhile. Which thread takes
/// which job is left open; whatever must not depend on it is kept per job.
/// </summary>
internal sealed class Workers(int threads)
{
    private readonly ParallelOptions _options = new() { MaxDegreeOfParallelism = threads };

    public int Count => threads;

    /// <summary>Calls <paramref name="job"/>(job, worker) for each job, and no two at a time with the same worker.</summary>
    public void Run(int jobs, Action<int, int> job)
    {
        if (threads == 1 || jobs == 1)
        {
            using var flush = FlushToZero.Begin();
            for (int i = 0; i < jobs; i++)
                job(i, 0);
            return;
        }

        int next = -1;
        try
        {
            Parallel.For(0, threads, _options, worker =>
            {
                using var flush = FlushToZero.Begin();
                for (int i = Interlocked.Increment(ref next); i < jobs; i = Interlocked.Increment(ref next))
                    job(i, worker);
            });
        }
        catch (AggregateException exception)
        {
            // The caller sees the same exception as with one thread.
            ExceptionDispatchInfo.Throw(exception.InnerExceptions[0]);
        }
    }
}
