namespace Outerloop.Traces;

/// <summary>What became of a trace.</summary>
public enum Outcome
{
    /// <summary>The plan reaches the goal.</summary>
    Valid,

    /// <summary>A plan was read and does not work: a step cannot be taken, or the goal is not reached.</summary>
    Invalid,

    /// <summary>No plan can be read from the text.</summary>
    Malformed,

    /// <summary>The token budget ran out.</summary>
    Truncated,

    /// <summary>The verifier broke; not the model's doing.</summary>
    VerifierFailed,

    /// <summary>No answer came from the model's machinery; not the model's doing.</summary>
    ModelFailed,
}

/// <summary>Facts about outcomes.</summary>
public static class Outcomes
{
    /// <summary>
    /// Whether the outcome is the model's own and enters its statistics. The others say something about the
    /// machinery: they are retried and reported, and never count as wrong answers.
    /// </summary>
    public static bool IsTheModelsDoing(this Outcome outcome) =>
        outcome is Outcome.Valid or Outcome.Invalid or Outcome.Malformed or Outcome.Truncated;
}
