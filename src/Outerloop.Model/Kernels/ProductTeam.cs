using System.Runtime.ExceptionServices;

namespace Outerloop.Model.Kernels;

/// <summary>
/// Threads that wait to help with a large product, each with a share of its outputs. Workers share one team: who finds it
/// busy computes alone, which gives the same bits.
/// </summary>
internal sealed class ProductTeam : IDisposable
{
    private readonly Lock _busy = new();
    private readonly SemaphoreSlim _done = new(0);
    private readonly SemaphoreSlim[] _go;
    private volatile Action<int>? _share;
    private volatile bool _ended;
    private Exception? _failure;

    /// <param name="threads">Shares of a product, the caller's among them.</param>
    public ProductTeam(int threads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        _go = [.. Enumerable.Range(1, threads - 1).Select(_ => new SemaphoreSlim(0))];
        for (int helper = 0; helper < _go.Length; helper++)
        {
            int index = helper;
            new Thread(() => Help(index)) { IsBackground = true, Name = "product" }.Start();
        }
    }

    /// <summary>Number of shares.</summary>
    public int Size => _go.Length + 1;

    /// <summary>Runs every share from 0 to <see cref="Size"/> − 1, or none and says so where the team is busy.</summary>
    public bool TryRun(Action<int> share)
    {
        if (_go.Length == 0 || !_busy.TryEnter())
            return false;
        try
        {
            _share = share;
            foreach (SemaphoreSlim helper in _go)
                helper.Release();
            Run(share, 0);
            for (int helper = 0; helper < _go.Length; helper++)
                _done.Wait();
            if (Interlocked.Exchange(ref _failure, null) is { } failure)
                ExceptionDispatchInfo.Throw(failure);
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
        foreach (SemaphoreSlim helper in _go)
            helper.Release();
    }

    private void Help(int helper)
    {
        while (true)
        {
            _go[helper].Wait();
            if (_ended)
                return;
            Run(_share!, helper + 1);
            _done.Release();
        }
    }

    private void Run(Action<int> share, int index)
    {
        try
        {
            share(index);
        }
        catch (Exception e)
        {
            Interlocked.CompareExchange(ref _failure, e, null);
        }
    }
}
