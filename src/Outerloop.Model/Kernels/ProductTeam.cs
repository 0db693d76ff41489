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
    private readonly Helper[] _helpers;
    private volatile Product? _current;
    private volatile bool _ended;

    /// <param name="threads">That work on a product, the caller's among them.</param>
    public ProductTeam(int threads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        Shares = threads * SharesPerThread;
        _helpers = [.. Enumerable.Range(1, threads - 1).Select(_ => new Helper(this))];
    }

    /// <summary>Number of shares of a product.</summary>
    public int Shares { get; }

    /// <summary>Runs every share from 0 to <see cref="Shares"/> − 1, or none and says so where the team is busy.</summary>
    public bool TryRun(Action<int> share)
    {
        if (_helpers.Length == 0 || !_busy.TryEnter())
            return false;
        try
        {
            var product = new Product(share, Shares);
            _current = product;
            foreach (Helper helper in _helpers)
                helper.Call();
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
        foreach (Helper helper in _helpers)
            helper.Call();
        // A helper that is late from a product may see the end before its signal, which must find the event there.
        foreach (Helper helper in _helpers)
            helper.Dispose();
    }

    /// <summary>
    /// A thread that works on whatever product there is when it is called. The next one mostly follows at once, and waking a thread
    /// takes as long as a small product: so it listens for a moment before it sleeps.
    /// </summary>
    private sealed class Helper : IDisposable
    {
        private const int Listening = 0, Asleep = 1, Called = 2;

        /// <summary>About a tenth of a millisecond.</summary>
        private const int Turns = 300, SpinsPerTurn = 10;

        private readonly ProductTeam _team;
        private readonly AutoResetEvent _go = new(initialState: false);
        private readonly Thread _thread;
        private int _state;

        public Helper(ProductTeam team)
        {
            _team = team;
            _thread = new Thread(Work) { IsBackground = true, Name = "product" };
            _thread.Start();
        }

        public void Call()
        {
            if (Interlocked.Exchange(ref _state, Called) == Asleep)
                _go.Set();
        }

        /// <summary>Waits for the thread's end, once the team has ended and the helper is called.</summary>
        public void Dispose()
        {
            _thread.Join();
            _go.Dispose();
        }

        private void Work()
        {
            using var flush = FlushToZero.Begin(); // as the workers do, so that who computes a share does not show
            for (AwaitCall(); !_team._ended; AwaitCall())
                _team._current?.Work();
        }

        private void AwaitCall()
        {
            for (int turn = 0; turn < Turns && Volatile.Read(ref _state) != Called; turn++)
                Thread.SpinWait(SpinsPerTurn);
            if (Interlocked.CompareExchange(ref _state, Asleep, Listening) == Listening)
                _go.WaitOne();
            Interlocked.Exchange(ref _state, Listening); // before the product is looked at: a call that comes between tells of that one
        }
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
