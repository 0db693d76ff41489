using Outerloop.Model.Checkpoints;
using Outerloop.Model.Decoder;
using Outerloop.Model.Tokenization;
using Outerloop.Planning.Domains;
using Outerloop.Policies;
using Outerloop.Prompting;
using Outerloop.Tests.Support;
using Outerloop.Training;
using Outerloop.Training.Commands;

namespace Outerloop.Tests.Training.Commands;

/// <summary>Results that another process has left.</summary>
public sealed class HostedTrainerTests : IDisposable
{
    private static readonly PlanningDomain Blocksworld = DomainCatalog.Find("blocksworld")!;

    private readonly TemporaryFolder _folder = new();
    private readonly LocalPolicyFactory _policies = new(threads: 1);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_result_that_nobody_was_left_to_take_is_taken_without_another_training()
    {
        TrainingResult left = Leave(WeightsIn(Make()));
        var host = new CountingHost();
        Assert.Equal(left, await Train(host));
        Assert.Equal(0, host.Runs);
    }

    [Fact]
    public async Task A_result_of_other_weights_or_without_its_folder_is_not_taken()
    {
        string generation = Make(), weights = WeightsIn(generation);
        Leave(new string('0', 64));
        var host = new CountingHost();
        await Assert.ThrowsAsync<OutsideException>(() => Train(host));
        Leave(weights);
        Directory.Delete(generation, recursive: true);
        await Assert.ThrowsAsync<OutsideException>(() => Train(host));
        Assert.Equal(2, host.Runs);
    }

    private string Generation => _folder.File("1");

    private string Make()
    {
        var tokenizer = new WordTokenizer(WordFormat.Vocabulary(Blocksworld), WordFormat.Marks);
        var config = new ModelConfig { Layers = 1, Dim = 16, Heads = 2, KvHeads = 1, HeadDim = 8, FeedForward = 24, Vocabulary = tokenizer.VocabularySize, MaxPositions = 64 };
        CheckpointFolder.Save(Generation, Parameters.Random(config, 1), tokenizer);
        return Generation;
    }

    private string WeightsIn(string folder)
    {
        using IPolicy policy = _policies.Open(folder, Blocksworld);
        return policy.WeightsHash;
    }

    private TrainingResult Leave(string weights)
    {
        var result = new TrainingResult(weights, "base", 3, 40, 0.5);
        TrainingResultFile.Write(Generation, result);
        return result;
    }

    private Task<TrainingResult> Train(ITrainerHost host) => new HostedTrainer(host, _policies, _ => ShellCommand.Of(["train"])).Train(
        new TrainingJob("blocksworld", 1, _folder.File("base"), Generation, [], new Seed(1)), new Progress<TrainingStep>(), CancellationToken.None);

    /// <summary>Fails whatever it is given.</summary>
    private sealed class CountingHost : ITrainerHost
    {
        public int Runs { get; private set; }

        public Task<TrainerEnd> Run(TrainingJob job, ShellCommand command, Action<string> heard, CancellationToken cancellation)
        {
            Runs++;
            return Task.FromResult(new TrainerEnd(1, "", "log"));
        }
    }
}
