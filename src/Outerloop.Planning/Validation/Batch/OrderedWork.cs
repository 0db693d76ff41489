using System.Runtime.CompilerServices;

namespace Outerloop.Planning.Validation;

/// <summary>Does work on several threads and hands out the results in the order of the input, each as soon as it can be.</summary>
internal static class OrderedWork
{
    /// <summary>How far the work may run ahead of the first result that is not ready, for each thread.</summary>
    private const int AheadPerThread = 64;

    public static async IAsyncEnumerable<TResult> Run<TItem, TResult>(
        IEnumerable<TItem> items, Func<TItem, TResult> work, int threads, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var workers = new ConcurrentExclusiveSchedulerPair(TaskScheduler.Default, threads).ConcurrentScheduler;
        var pending = new Queue<Task<TResult>>();
        foreach (var item in items)
        {
            pending.Enqueue(Task.Factory.StartNew(() => work(item), cancellation, TaskCreationOptions.None, workers));
            while (pending.Count >= AheadPerThread * threads || (pending.TryPeek(out var first) && first.IsCompleted))
                yield return await pending.Dequeue();
        }

        while (pending.TryDequeue(out var next))
            yield return await next;
    }
}
