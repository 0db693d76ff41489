namespace Outerloop.Storage;

/// <summary>A generation that exists: its weights and how they were trained. Generation 0 is the base, trained on nothing.</summary>
/// <param name="Weights">SHA-256 of the weights.</param>
/// <param name="BaseWeights">SHA-256 of the weights that the fine-tuning began with.</param>
/// <param name="ValidationLoss">Loss on traces held out of the fine-tuning; null where there were none.</param>
/// <param name="TokensTrained">Tokens read in the fine-tuning, prompts included.</param>
public sealed record GenerationRecord(
    int Number, string Weights, string BaseWeights, int Examples, int Steps, long TokensTrained, double FinalLoss,
    double? ValidationLoss = null);

/// <summary>A part of the traces that a generation is trained on: those that one earlier generation wrote.</summary>
public sealed record MixturePart
{
    public int Generation { get; init; }

    /// <summary>The generation that wrote them.</summary>
    public int Source { get; init; }

    public int Traces { get; init; }
}

/// <summary>Wall-clock seconds of one phase of one generation.</summary>
public sealed record PhaseTime(string Domain, long Generation, string Phase, double Seconds);
