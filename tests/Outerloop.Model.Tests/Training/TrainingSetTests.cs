using Outerloop.Model.Training;

namespace Outerloop.Model.Tests.Training;

public sealed class TrainingSetTests
{
    private static readonly TrainingSequence[] Sequences =
        [.. Enumerable.Range(0, 40).Select(i => new TrainingSequence([.. Enumerable.Repeat(i, 2 + (i * 7 % 23))], 1))];

    [Fact]
    public void An_epoch_has_every_sequence_once_in_batches_within_the_limit()
    {
        IReadOnlyList<TrainingBatch> epoch = new TrainingSet(Sequences, seed: 1, batchTokens: 50).Epoch(0);
        Assert.Equal(Enumerable.Range(0, 40), epoch.SelectMany(batch => batch.Sequences).Select(s => s.Tokens[0]).Order());
        Assert.All(epoch, batch => Assert.InRange(batch.Sequences.Sum(s => s.Tokens.Length), 1, 50));
    }

    [Fact]
    public void Epochs_and_seeds_differ_and_the_same_ones_repeat()
    {
        static string Order(TrainingSet set, int epoch) =>
            string.Join(' ', set.Epoch(epoch).SelectMany(batch => batch.Sequences).Select(s => s.Tokens[0]));
        TrainingSet first = new(Sequences, 1), second = new(Sequences, 2);
        Assert.Equal(Order(first, 0), Order(new TrainingSet(Sequences, 1), 0));
        Assert.NotEqual(Order(first, 0), Order(first, 1));
        Assert.NotEqual(Order(first, 0), Order(second, 0));
    }

    [Fact]
    public void Steps_are_the_epochs_batches_but_at_least_the_minimum()
    {
        var set = new TrainingSet(Sequences, seed: 1, batchTokens: 50);
        int batches = set.Epoch(0).Count;
        Assert.Equal(15 * batches, set.Steps(15, 150));
        Assert.Equal(150, set.Steps(1, 150));
        Assert.Equal(0, new TrainingSet([], 1).Steps(15, 150));
        Assert.Empty(new TrainingSet([], 1).Batches());
    }

    [Fact]
    public void A_sequence_longer_than_the_limit_is_a_batch_of_its_own()
    {
        var set = new TrainingSet([new([1, 2], 1), new(new int[100], 1), new([3, 4], 1)], 1, batchTokens: 10);
        Assert.Contains(set.Epoch(0), batch => batch.Sequences is [{ Tokens.Length: 100 }]);
        Assert.Equal(3, set.Epoch(0).Sum(batch => batch.Sequences.Count));
    }

    [Fact]
    public void Micro_batches_share_the_tokens_evenly_and_lose_nothing()
    {
        List<int>[] parts = MicroBatches.Split(Sequences, 4);
        Assert.Equal(Enumerable.Range(0, 40), parts.SelectMany(part => part).Order());
        long[] tokens = [.. parts.Select(part => part.Sum(i => (long)Sequences[i].Tokens.Length))];
        Assert.InRange(tokens.Max() - tokens.Min(), 0, 4);
    }
}
