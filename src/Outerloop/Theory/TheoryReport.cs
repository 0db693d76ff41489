namespace Outerloop.Theory;

/// <summary>The propositions on a run's own traces, as <c>theory --json</c> prints them.</summary>
/// <param name="Generation">Whose policy π is.</param>
/// <param name="Temperature">Of the deployment: π is the model at this temperature.</param>
/// <param name="StoredLogProbs">How far the log-probabilities that were stored when sampling are from the exact ones.</param>
public sealed record TheoryReport(
    string Run,
    string Domain,
    int Generation,
    double Temperature,
    Proposition1 Proposition1,
    Proposition2 Proposition2,
    UpdateDirections Update,
    LogProbError StoredLogProbs);

/// <summary>Differences of a token's log-probability, in nats.</summary>
public sealed record LogProbError(double Mean, double Largest);

/// <summary>Which traces are looked at.</summary>
/// <param name="Domain">Null for the run's first.</param>
/// <param name="Generation">π; null for the last one that was deployed.</param>
/// <param name="Traces">At most so many of each generation, by task.</param>
public sealed record TheoryRequest(string? Domain, int? Generation, int Traces, int Threads);

/// <summary>How far the analysis is.</summary>
public sealed record TheoryProgress(string Work, int Done, int Total);
