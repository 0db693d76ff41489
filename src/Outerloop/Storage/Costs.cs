namespace Outerloop.Storage;

/// <summary>What is counted of a run's cost.</summary>
public enum Quantity
{
    /// <summary>Requests to servers, failed ones included.</summary>
    Requests,

    /// <summary>Requests sent again after a failure.</summary>
    Retries,

    /// <summary>Answers that were given up because the machinery failed; each is tried again as a whole.</summary>
    Failures,

    /// <summary>Tokens read for answers, each request's once.</summary>
    PromptTokens,

    /// <summary>Tokens written.</summary>
    AnswerTokens,

    /// <summary>Time that servers took, summed over requests.</summary>
    ServerSeconds,

    /// <summary>Tokens read in fine-tuning.</summary>
    TrainedTokens,

    /// <summary>Processor time of this program.</summary>
    CpuSeconds,
}

/// <summary>An amount to be added to a run's cost.</summary>
public sealed record Cost(string Domain, long Generation, string Phase, string Quantity, double Amount);
