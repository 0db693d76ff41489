using Outerloop.Evaluation;

namespace Outerloop.Runs;

/// <summary>The figures of a run, as <c>run --json</c> and <c>report --json</c> print them.</summary>
/// <param name="Run">The run's folder.</param>
public sealed record RunSummary(string Run, IReadOnlyList<DomainSummary> Domains);

public sealed record DomainSummary(string Domain, IReadOnlyList<GenerationSummary> Generations)
{
    /// <summary>By generation and phase.</summary>
    public IReadOnlyList<PhaseCost> Costs { get; init; } = [];
}

/// <param name="Tasks">Tasks in the pool.</param>
/// <param name="Solved">Pool tasks with at least one valid trace by this generation.</param>
/// <param name="PlanLength">Steps of this generation's valid traces on the pool.</param>
/// <param name="Outcomes">Of this generation's traces on the pool.</param>
/// <param name="Curated">Traces that this generation was trained on; 0 for the base.</param>
/// <param name="Weights">SHA-256 of the weights.</param>
/// <param name="ValidationLoss">Loss per token on the traces held out of the fine-tuning; null where there were none.</param>
public sealed record GenerationSummary(
    int Generation,
    int Tasks,
    int Solved,
    HeldOutSummary HeldOut,
    LargerSummary Larger,
    PlanLengths PlanLength,
    OutcomeSummary Outcomes,
    int Curated,
    TokenSummary Tokens,
    SecondsSummary Seconds,
    string Weights,
    double? ValidationLoss = null);

/// <summary>Shares in [0, 1]: three samples a task at the deployment's temperature, and one greedy trace.</summary>
/// <param name="PlanLength">Steps of the valid ones of the three samples of each task.</param>
public sealed record HeldOutSummary(int Tasks, double AverageAt3, double UnanimousAt3, double PassAt3, double Greedy, PlanLengths PlanLength);

public sealed record LargerSummary(int Tasks, int Solved);

public sealed record OutcomeSummary(int Valid, int Invalid, int Malformed, int Truncated, int VerifierFailed, int ModelFailed);

/// <param name="Sampled">Tokens written on the pool and in the evaluation.</param>
/// <param name="Trained">Tokens read by the fine-tuning that made this generation, prompts included.</param>
public sealed record TokenSummary(long Sampled, long Trained);

/// <summary>Wall-clock seconds over all attempts.</summary>
public sealed record SecondsSummary(double Deploy, double Verify, double Curate, double Train, double Evaluate);
