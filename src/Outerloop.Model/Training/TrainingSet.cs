namespace Outerloop.Model.Training;

/// <summary>
/// A fixed set of sequences to be trained on for some epochs. Each epoch shuffles the set by the seed and fills batches in
/// that order, each with as many sequences as its token limit takes.
/// </summary>
public sealed class TrainingSet(IReadOnlyList<TrainingSequence> sequences, ulong seed, int batchTokens = TrainingSet.DefaultBatchTokens)
{
    public const int DefaultBatchTokens = 1400;

    /// <summary>The batches of epoch after epoch, without end; none if the set is empty.</summary>
    public IEnumerable<TrainingBatch> Batches()
    {
        for (int epoch = 0; sequences.Count > 0; epoch++)
        {
            foreach (TrainingBatch batch in Epoch(epoch))
                yield return batch;
        }
    }

    /// <summary>Steps of a training of so many epochs, at least <paramref name="minSteps"/>; 0 if the set is empty.</summary>
    public int Steps(int epochs, int minSteps) =>
        sequences.Count == 0 ? 0 : Math.Max(checked(epochs * Epoch(0).Count), minSteps);

    /// <summary>Every sequence once. A sequence longer than the limit is a batch of its own.</summary>
    public IReadOnlyList<TrainingBatch> Epoch(int epoch)
    {
        TrainingSequence[] order = [.. sequences];
        new SplitMix64(SplitMix64.Mix(seed ^ SplitMix64.Mix((ulong)epoch + 1))).Shuffle(order.AsSpan());
        var batches = new List<TrainingBatch>();
        var batch = new List<TrainingSequence>();
        int tokens = 0;
        foreach (TrainingSequence sequence in order)
        {
            if (batch.Count > 0 && tokens + sequence.Tokens.Length > batchTokens)
            {
                batches.Add(new TrainingBatch(batch));
                batch = [];
                tokens = 0;
            }

            batch.Add(sequence);
            tokens += sequence.Tokens.Length;
        }

        if (batch.Count > 0)
            batches.Add(new TrainingBatch(batch));
        return batches;
    }
}
