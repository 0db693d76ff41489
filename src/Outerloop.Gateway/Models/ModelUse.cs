namespace Outerloop.Gateway.Models;

/// <summary>A model that somebody asks something of; it stays open until this is disposed of.</summary>
/// <param name="model">Which.</param>
/// <param name="end">Is called once.</param>
internal sealed class ModelUse(LiveModel model, Action end) : IDisposable
{
    private int _ended;

    public LiveModel Model => model;

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _ended, 1) == 0)
            end();
    }
}
