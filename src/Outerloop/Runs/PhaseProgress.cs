using Outerloop.Policies;
using Outerloop.Traces;
using Outerloop.Verification;

namespace Outerloop.Runs;

/// <summary>The parts of a generation's life, in order.</summary>
public enum RunPhase
{
    Deploy,
    Verify,
    Evaluate,
    Curate,
    Train,

    /// <summary>Sampling beyond the run, for pass@k; its cost is none of the run's.</summary>
    Measure,
}

/// <summary>How far a phase is, reported often enough to draw a bar.</summary>
/// <param name="Done">Traces or optimiser steps finished, those of earlier attempts included.</param>
/// <param name="Tokens">Tokens sampled or trained in this attempt.</param>
/// <param name="Valid">Valid traces of this attempt, where traces are made.</param>
/// <param name="Loss">Loss per token of the last step, where training is done.</param>
public sealed record PhaseProgress(
    string Domain, int Generation, RunPhase Phase, int Done, int Total, long Tokens, int Valid = 0, double? Loss = null)
{
    /// <summary>One answer further.</summary>
    internal PhaseProgress With(Completion completion, Judgement judgement) => this with
    {
        Done = Done + 1,
        Tokens = Tokens + completion.AnswerTokens,
        Valid = Valid + (judgement.Outcome == Outcome.Valid ? 1 : 0),
    };
}
