using Outerloop.Storage;

namespace Outerloop.Gateway.Dashboard.Api;

/// <summary>What each generation of a domain was made from.</summary>
internal sealed record LineageView(string Domain, IReadOnlyList<GenerationOrigin> Generations)
{
    public static IReadOnlyList<GenerationOrigin> Of(IReadOnlyList<GenerationRecord> records, IReadOnlyList<MixturePart> mixture) =>
    [
        .. records.Select(record => new GenerationOrigin(
            record, records.FirstOrDefault(parent => parent.Number < record.Number && parent.Weights == record.BaseWeights)?.Number,
            [.. mixture.Where(part => part.Generation == record.Number).Select(part => new SourcePart(part.Source, part.Traces))])),
    ];
}

/// <param name="Record">Weights, training, and the weights that it began with.</param>
/// <param name="Parent">The generation that has those; null for the base, and where they are of none.</param>
/// <param name="Sources">The traces that it was trained on, by the generation that wrote them.</param>
internal sealed record GenerationOrigin(GenerationRecord Record, int? Parent, IReadOnlyList<SourcePart> Sources);

internal sealed record SourcePart(int Generation, int Traces);
