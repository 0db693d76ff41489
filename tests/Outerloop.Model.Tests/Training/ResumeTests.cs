using Outerloop.Model.Adapters;
using Outerloop.Model.Checkpoints;
using Outerloop.Model.Decoder;
using Outerloop.Model.Tests.Checkpoints;
using Outerloop.Model.Tests.Decoder;
using Outerloop.Model.Training;

namespace Outerloop.Model.Tests.Training;

public sealed class ResumeTests
{
    private const int Steps = 12;

    [Theory]
    [InlineData(1, 3, false)]
    [InlineData(4, 1, false)]
    [InlineData(11, 2, false)]
    [InlineData(2, 5, true)]
    [InlineData(7, 1, true)]
    public void A_training_cancelled_at_any_step_and_resumed_ends_with_the_same_bytes(int cancelAt, int threads, bool adapter)
    {
        using var folder = new TemporaryFolder();
        (float[] expected, TrainingResult whole) = Train(adapter, Options with { Threads = 1 });
        TrainingOptions kept = Options with { Threads = threads, Checkpoints = Place(folder) };
        using var source = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => Train(adapter, kept, source, cancelAt));
        (float[] resumed, TrainingResult result) = Train(adapter, kept with { Threads = 1 + (threads % 3) });
        Assert.Equal(expected, resumed);
        Assert.Equal(whole, result);
    }

    [Theory]
    [InlineData(5, 3)]
    [InlineData(9, 4)]
    public void A_training_that_died_goes_on_from_the_last_state_written(int dieAt, int everySteps)
    {
        using var folder = new TemporaryFolder();
        (float[] expected, _) = Train(adapter: false, Options);
        TrainingOptions kept = Options with { Checkpoints = Place(folder) with { EverySteps = everySteps } };
        Assert.Throws<InvalidOperationException>(() => Train(adapter: false, kept, source: null, dieAt));
        var steps = new List<int>();
        (float[] resumed, _) = Train(adapter: false, kept, source: null, stopAt: int.MaxValue, steps);
        Assert.Equal((dieAt / everySteps * everySteps) + 1, steps[0]);
        Assert.Equal(Steps, steps[^1]);
        Assert.Equal(expected, resumed);
    }

    [Fact]
    public void A_training_that_had_ended_is_not_done_again()
    {
        using var folder = new TemporaryFolder();
        TrainingOptions kept = Options with { Checkpoints = Place(folder) with { EverySteps = 1 } };
        (float[] expected, TrainingResult result) = Train(adapter: false, kept);
        var steps = new List<int>();
        Assert.Equal((expected, result), Train(adapter: false, kept, source: null, stopAt: int.MaxValue, steps), new SameTraining());
        Assert.Empty(steps);
    }

    [Fact]
    public void Time_alone_brings_a_state_about()
    {
        using var folder = new TemporaryFolder();
        Train(adapter: false, Options with { Checkpoints = Place(folder) });
        Assert.False(File.Exists(folder["state"]));
        Train(adapter: false, Options with { Checkpoints = Place(folder) with { Every = TimeSpan.Zero } });
        Assert.True(File.Exists(folder["state"]));
    }

    [Fact]
    public void The_state_of_another_training_or_a_damaged_one_is_refused()
    {
        using var folder = new TemporaryFolder();
        TrainingOptions kept = Options with { Checkpoints = Place(folder) with { EverySteps = 1 } };
        Train(adapter: false, kept);
        var other = Assert.Throws<CheckpointException>(() => Train(adapter: false, kept with { Checkpoints = kept.Checkpoints! with { Job = "other" } }));
        Assert.Contains("another training", other.Message, StringComparison.Ordinal);
        Assert.Contains(folder["state"], other.Message, StringComparison.Ordinal);
        Assert.Throws<CheckpointException>(() => Train(adapter: true, kept));
        byte[] bytes = File.ReadAllBytes(folder["state"]);
        File.WriteAllBytes(folder["state"], bytes[..(bytes.Length / 2)]);
        Assert.Throws<CheckpointException>(() => Train(adapter: false, kept));
        File.WriteAllBytes(folder["state"], [1, 2, 3]);
        Assert.Throws<CheckpointException>(() => Train(adapter: false, kept));
    }

    private static TrainingOptions Options { get; } = new()
    {
        LearningRate = new() { Peak = 1e-2f, Decay = LearningRateDecay.Cosine },
        Threads = 1,
        Seed = 5,
    };

    private static TrainingCheckpoints Place(TemporaryFolder folder) =>
        new() { File = folder["state"], Job = "job", Every = TimeSpan.MaxValue };

    /// <summary>Cancels at a step where there is a source, else dies there.</summary>
    private static (float[] Values, TrainingResult Result) Train(
        bool adapter, TrainingOptions options, CancellationTokenSource? source = null, int stopAt = int.MaxValue, List<int>? seen = null)
    {
        Parameters parameters = SmallModels.Random(SmallModels.Tied, 1);
        Adapter low = Adapter.Fresh(parameters.Config, new() { Rank = 3, Dropout = 0.1f }, 2);
        IEnumerable<TrainingBatch> batches = new TrainingSet(Sequences(), seed: 3, batchTokens: 50).Batches();
        void Watch(TrainingProgress progress)
        {
            seen?.Add(progress.Step);
            if (progress.Step != stopAt)
                return;
            if (source is null)
                throw new InvalidOperationException("the process dies here");
            source.Cancel();
        }

        TrainingResult result = adapter
            ? Trainer.Fit(new AdaptedModel(parameters, low), batches, Steps, options, Watch, source?.Token ?? default)
            : Trainer.Fit(parameters, batches, Steps, options, Watch, source?.Token ?? default);
        return (adapter ? low.Values : parameters.Values, result);
    }

    private static TrainingSequence[] Sequences() =>
        [.. Enumerable.Range(0, 9).Select(i => new TrainingSequence(SmallModels.Tokens(SmallModels.Tied, 8 + i, (ulong)i), 2))];

    private sealed class SameTraining : IEqualityComparer<(float[] Values, TrainingResult Result)>
    {
        public bool Equals((float[] Values, TrainingResult Result) x, (float[] Values, TrainingResult Result) y) =>
            x.Values.AsSpan().SequenceEqual(y.Values) && x.Result == y.Result;

        public int GetHashCode((float[] Values, TrainingResult Result) obj) => obj.Result.GetHashCode();
    }
}
