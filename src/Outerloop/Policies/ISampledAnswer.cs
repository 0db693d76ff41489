namespace Outerloop.Policies;

/// <summary>What a model wrote, to the loop or to a user.</summary>
public interface ISampledAnswer
{
    string Text { get; }

    /// <summary>Exact token ids, end token included when the model wrote it; empty where a server keeps them to itself.</summary>
    IReadOnlyList<int> Tokens { get; }

    /// <summary>Of each token at temperature 1, before filters; empty where a server does not say.</summary>
    IReadOnlyList<float> LogProbs { get; }

    /// <summary>Of each token in the distribution that it was drawn from; empty where that is not known.</summary>
    IReadOnlyList<float> SamplingLogProbs { get; }

    /// <summary>Tokens that the model read; 0 where a server does not say.</summary>
    int PromptTokens { get; }

    /// <summary>Tokens of the answer, also where a server says how many and not which.</summary>
    int AnswerTokens { get; }

    /// <summary>Tokens of the answer before the plan; 0 for a model that answers with the plan alone.</summary>
    int ReasoningTokens { get; }
}
