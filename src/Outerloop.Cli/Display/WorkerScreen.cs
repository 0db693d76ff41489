using Outerloop.Runs;

namespace Outerloop.Cli.Display;

/// <summary>Shows what a worker does: nobody tells it how much there is to do.</summary>
internal sealed class WorkerScreen(IProgressDisplay display) : IRunObserver
{
    public void Report(PhaseProgress value) => display.Show(
        $"{value.Domain} generation {value.Generation}: answering", value.Done, value.Done, value.Tokens, $"{value.Valid} valid");

    public void Finished(string domain, GenerationSummary generation)
    {
    }
}
