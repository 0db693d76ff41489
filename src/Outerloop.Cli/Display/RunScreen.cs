using System.Globalization;
using Outerloop.Evaluation;
using Outerloop.Runs;

namespace Outerloop.Cli.Display;

/// <summary>Shows a run while it goes on: a bar for the phase at work, and a line for each generation that is done.</summary>
internal sealed class RunScreen(IProgressDisplay display) : IRunObserver
{
    public void Report(PhaseProgress value) => display.Show(
        $"{value.Domain} generation {value.Generation}: {Verb(value.Phase)}",
        value.Done,
        value.Total,
        value.Tokens,
        value.Loss is { } loss ? $"loss {loss.ToString("0.000", CultureInfo.InvariantCulture)}" : $"{value.Valid} valid");

    public void Finished(string domain, GenerationSummary generation)
    {
        (double low, double high) = Wilson.Interval(generation.Solved, generation.Tasks);
        display.Say(string.Create(
            CultureInfo.InvariantCulture,
            $"{domain} generation {generation.Generation}: solved {generation.Solved}/{generation.Tasks} [{low:P1}, {high:P1}], held-out average@3 {generation.HeldOut.AverageAt3:P1}, greedy {generation.HeldOut.Greedy:P1}, longest plan {generation.PlanLength.Max}"));
    }

    private static string Verb(RunPhase phase) => phase switch
    {
        RunPhase.Deploy => "deploying",
        RunPhase.Evaluate => "evaluating",
        RunPhase.Train => "fine-tuning",
        RunPhase.Curate => "curating",
        RunPhase.Measure => "sampling more",
        _ => "verifying",
    };
}
