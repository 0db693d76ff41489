using System.Collections.Concurrent;

namespace Outerloop.Pretraining;

internal static class Prefetch
{
    /// <summary>The same items in the same order, made ahead on a thread of their own.</summary>
    /// <param name="most">How many items wait at most.</param>
    public static IEnumerable<T> Ahead<T>(IEnumerable<T> items, int most)
    {
        using var ready = new BlockingCollection<T>(most);
        using var stop = new CancellationTokenSource();
        Task maker = Task.Factory.StartNew(() => Make(items, ready, stop.Token), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        try
        {
            foreach (T item in ready.GetConsumingEnumerable())
                yield return item;
            maker.GetAwaiter().GetResult();
        }
        finally
        {
            stop.Cancel();
            ((IAsyncResult)maker).AsyncWaitHandle.WaitOne();
        }
    }

    private static void Make<T>(IEnumerable<T> items, BlockingCollection<T> ready, CancellationToken stop)
    {
        try
        {
            foreach (T item in items)
                ready.Add(item, stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Nobody wants the rest.
        }
        finally
        {
            ready.CompleteAdding();
        }
    }
}
