using Outerloop.Deployment.Workers;
using Outerloop.Runs;
using Outerloop.Storage;

namespace Outerloop.Tests.Deployment.Workers;

/// <summary>Workers on threads of the test; one that dies is followed by another.</summary>
/// <param name="run">The run's folder.</param>
/// <param name="count">How many at a time.</param>
/// <param name="parts">Of each.</param>
internal sealed class ScriptedWorkforce(string run, int count, Func<RunParts> parts) : IWorkforce
{
    private readonly Task?[] _workers = new Task?[count];
    private Action _stop = () => { };
    private CancellationToken _stopped;

    /// <summary>Workers that were begun.</summary>
    public int Begun { get; private set; }

    public async Task Maintain(RunStore store, OwedPart part, CancellationToken cancellation)
    {
        if (_workers.All(worker => worker is null))
        {
            var stop = new CancellationTokenSource();
            (_stop, _stopped) = (stop.Cancel, stop.Token);
        }

        for (int i = 0; i < count; i++)
        {
            if (_workers[i] is { IsCompleted: true } ended)
                await ended;
            if (_workers[i] is null or { IsCompleted: true })
            {
                Begun++;
                _workers[i] = Task.Run(() => Work(_stopped), CancellationToken.None);
            }
        }
    }

    public async Task Dismiss()
    {
        _stop();
        await Task.WhenAll(_workers.OfType<Task>());
        Array.Clear(_workers);
    }

    private async Task Work(CancellationToken cancellation)
    {
        using RunFolder folder = RunFolder.Join(run);
        var shift = new WorkerShift(
            _ => Task.FromResult<IReadOnlyList<string>>([run]),
            (_, token) => Worker.Open(folder, parts(), new WorkerOptions(WorkerOptions.NewName(), TimeSpan.FromSeconds(30)), token),
            faults: null,
            idle: null,
            TimeProvider.System);
        try
        {
            await shift.Work(cancellation);
        }
        catch (OperationCanceledException)
        {
            return; // dismissed, or dead by its policy's word
        }
    }
}
