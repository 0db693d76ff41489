using Outerloop.Pretraining;
using Outerloop.Tests.Support;

namespace Outerloop.Tests.Pretraining;

public sealed class BasePretrainerTests : IDisposable
{
    private static readonly PretrainingRecipe Tiny = new()
    {
        Layers = 1,
        Dim = 16,
        Heads = 1,
        KvHeads = 1,
        HeadDim = 8,
        FeedForward = 16,
        BatchTokens = 200,
        Domains = [new DomainRecipe { Name = "blocksworld", UnsolvedFrom = 8 }],
        Stages = [new PretrainingStage("tiny", 12, 6), new PretrainingStage("amateurs", 12, Habits: new AmateurHabits(0.5, 0.2))],
    };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void An_interrupted_pre_training_goes_on_to_the_same_weights()
    {
        PretrainingResult whole = Pretrain("whole", Tiny, stopAt: null);
        Assert.Throws<OperationCanceledException>(() => Pretrain("stopped", Tiny, stopAt: 15));
        Assert.False(Directory.Exists(_folder.File("stopped")));
        PretrainingResult resumed = Pretrain("stopped", Tiny, stopAt: null);
        Assert.Equal((whole.Weights, whole.Tokens), (resumed.Weights, resumed.Tokens));
        Assert.Equal(whole.Demonstrations.AsEnumerable(), resumed.Demonstrations);
        Assert.False(File.Exists(_folder.File("stopped.training")));
    }

    [Fact]
    public void The_state_of_another_recipe_is_refused()
    {
        Assert.Throws<OperationCanceledException>(() => Pretrain("base", Tiny, stopAt: 3));
        Assert.Throws<OutsideException>(() => Pretrain("base", Tiny with { Seed = 1 }, stopAt: null));
    }

    private PretrainingResult Pretrain(string name, PretrainingRecipe recipe, int? stopAt)
    {
        using var stop = new CancellationTokenSource();
        return new BasePretrainer(recipe, threads: 2).Pretrain(
            _folder.File(name),
            step =>
            {
                if (step.Step == stopAt)
                    stop.Cancel();
            },
            stop.Token);
    }
}
