using Outerloop.Evaluation;

namespace Outerloop.Cli.Display;

/// <summary>Shows how far the classical planner of a report is, which tells it from several threads.</summary>
internal sealed class PlannerScreen(IProgressDisplay display) : IProgress<PlannerProgress>
{
    private readonly Lock _lock = new();

    public void Report(PlannerProgress value)
    {
        lock (_lock)
            display.Show($"{value.Domain}: a classical planner, for scale", value.Done, value.Tasks, 0, "tasks");
    }
}
