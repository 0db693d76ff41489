using System.Runtime.ExceptionServices;
using Outerloop.Model.Kernels.Emitted;

namespace Outerloop.Model.Kernels;

/// <summary>
/// Threads that help with a large product. It is cut into more shares than there are threads, and whoever is free takes the
/// next one: on a busy machine, where a helper may wake late or not at all, the caller does what is left itself. Workers
/// share one team: who finds it busy computes alone. Who computes what does not change a bit.
/// </summary>
internal sealed class ProductTeam : IDisposable
{
    private const int SharesPerThread = 4;

    private readonly Lock _busy = new();
    private readonly AutoResetEvent[] _go;
    private readonly Thread[] _helpers;
    private volatile Product? _current;
    private volatile bool _ended;

    /// <param name="threads">That work on a product, the caller's among them.</param>
    public ProductTeam(int threads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        _go = [.. Enumerable.Range(1, threads - 1).Select(_ => new AutoResetEvent(initialState: false))];
        Shares = threads * SharesPerThread;
        _helpers = [.. _go.Select(go => new Thread(() => Help(go)) { IsBackground = true, Name = "product" })];
        Array.ForEach(_helpers, helper => helper.Start());
    }

    /// <summary>Number of shares of a product.</summary>
    public int Shares { get; }

    /// <summary>Runs every share from 0 to <see cref="Shares"/> − 1, or none and says so where the team is busy.</summary>
    public bool TryRun(Action<int> share)
    {
        if (_go.Length == 0 || !_busy.TryEnter())
            return false;
        try
        {
            var product = new Product(share, Shares);
            _current = product;
            foreach (AutoResetEvent go in _go)
                go.Set();
            product.Work();
            product.AwaitEnd();
            return true;
        }
        finally
        {
            _busy.Exit();
        }
    }

    /// <summary>No product may be under way.</summary>
    public void Dispose()
    {
        _ended = true;
        foreach (AutoResetEvent go in _go)
            go.Set();
        // A helper that is late from a product may see the end before its signal, which must find the event there.
        foreach (Thread helper in _helpers)
            helper.Join();
        foreach (AutoResetEvent go in _go)
            go.Dispose();
    }

    private void Help(AutoResetEvent go)
    {
        using var flush = FlushToZero.Begin(); // as the workers do, so that who computes a share does not show
        for (go.WaitOne(); !_ended; go.WaitOne())
            _current?.Work();
    }

    /// <summary>One product; a helper that comes too late finds nothing left of it.</summary>
    private sealed class Product(Action<int> share, int shares)
    {
        private int _taken, _done;
        private Exception? _failure;

        public void Work()
        {
            for (int index = Interlocked.Increment(ref _taken) - 1; index < shares; index = Interlocked.Increment(ref _taken) - 1)
            {
                try
                {
                    share(index);
                }
                catch (Exception e)
                {
                    Interlocked.CompareExchange(ref _failure, e, null);
                }

                Interlocked.Increment(ref _done);
            }
        }

        /// <summary>Waits for the shares that others have begun.</summary>
        public void AwaitEnd()
        {
            var spin = default(SpinWait);
            while (Volatile.Read(ref _done) < shares)
                spin.SpinOnce(sleep1Threshold: -1); // a millisecond is longer than a product
            if (_failure is { } failure)
                ExceptionDispatchInfo.Throw(failure);
        }
    }
}
