namespace Outerloop.Model.Training;

/// <summary>Splits a batch into a fixed number of parts of about the same work.</summary>
internal static class MicroBatches
{
    /// <summary>
    /// The longest sequence first, each to the part that has the fewest tokens (the first of them); within a part in the
    /// order of the batch. So the split depends on the batch alone.
    /// </summary>
    public static List<int>[] Split(IReadOnlyList<TrainingSequence> sequences, int parts)
    {
        List<int>[] split = [.. Enumerable.Range(0, parts).Select(_ => new List<int>())];
        long[] tokens = new long[parts];
        foreach (int index in Enumerable.Range(0, sequences.Count).OrderByDescending(i => sequences[i].Tokens.Length))
        {
            int part = Array.IndexOf(tokens, tokens.Min());
            split[part].Add(index);
            tokens[part] += sequences[index].Tokens.Length;
        }

        foreach (List<int> part in split)
            part.Sort();
        return split;
    }
}
