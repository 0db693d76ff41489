using Outerloop.Configuration;
using Outerloop.Model.Adapters;
using Outerloop.Model.Checkpoints;
using Outerloop.Model.Decoder;
using Outerloop.Model.Tokenization;
using Outerloop.Planning.Domains;
using Outerloop.Planning.Search;
using Outerloop.Policies;
using Outerloop.Prompting;
using Outerloop.Tasks;
using Outerloop.Tests.Support;
using Outerloop.Traces;
using Outerloop.Training;

namespace Outerloop.Tests.Training;

public sealed class LocalTrainerTests : IDisposable
{
    private static readonly PlanningDomain Blocksworld = DomainCatalog.Find("blocksworld")!;

    private readonly TemporaryFolder _folder = new();

    private readonly WordTokenizer _tokenizer =
        new(WordFormat.Vocabulary(Blocksworld), WordFormat.Marks);

    private readonly TrainerSettings _settings = new()
    {
        MinSteps = 9,
        Epochs = 1,
        LearningRate = 1e-2,
        Lora = new LoraOptions { Rank = 4, Targets = [Projection.Query, Projection.Down] },
    };

    public LocalTrainerTests()
    {
        var config = new ModelConfig
        {
            Layers = 1,
            Dim = 16,
            Heads = 2,
            KvHeads = 1,
            HeadDim = 8,
            FeedForward = 24,
            Vocabulary = _tokenizer.VocabularySize,
            MaxPositions = 512,
        };
        CheckpointFolder.Save(_folder.File("base"), Parameters.Random(config, 1), _tokenizer);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_lora_trainer_leaves_an_adapter_that_a_policy_answers_with()
    {
        TrainingResult result = await Train(_settings with { Kind = "lora" }, "1");
        Assert.Equal(
            ["adapter_config.json", "adapter_model.safetensors", "manifest.json"],
            Directory.GetFiles(Generation("1")).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.True(AdapterFolder.IsOne(Generation("1")));
        using IPolicy policy = new LocalPolicyFactory(threads: 1).Open(Generation("1"), Blocksworld);
        Assert.Equal(result.Weights, policy.WeightsHash);
        Assert.NotEqual(result.BaseWeights, result.Weights);
        Assert.Equal(9, result.Steps);
    }

    [Theory]
    [InlineData("local")]
    [InlineData("lora")]
    public async Task A_fine_tuning_that_was_cancelled_goes_on_and_ends_with_the_same_weights(string kind)
    {
        TrainingResult whole = await Train(_settings with { Kind = kind }, "whole");
        using var stop = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Train(_settings with { Kind = kind }, "1", step =>
        {
            if (step.Step == 4)
                stop.Cancel();
        }, stop.Token));
        Assert.True(File.Exists(Generation("1") + ".training"));
        var steps = new List<int>();
        TrainingResult resumed = await Train(_settings with { Kind = kind }, "1", step => steps.Add(step.Step));
        Assert.Equal([5, 6, 7, 8, 9], steps);
        Assert.Equal(whole, resumed);
        Assert.Equal([Generation("1"), Generation("whole")], Directory.GetFileSystemEntries(_folder.File("generations")).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("continue")]
    [InlineData("reinforce")]
    [InlineData("reinforce-baseline")]
    [InlineData("grpo")]
    [InlineData("iw-sft")]
    [InlineData("iw-sft-token")]
    [InlineData("dft")]
    public async Task Each_trainer_makes_what_was_accepted_more_probable_and_in_its_own_way(string kind)
    {
        TrainerSettings settings = _settings with { Kind = kind, Augment = false, LearningRate = 2e-3 };
        await Train(settings, kind);
        await Train(settings with { Kind = "local" }, "plain");
        await Train(settings, "again");
        Assert.True(AcceptedLogProbability(Generation(kind)) > AcceptedLogProbability(_folder.File("base")) + 0.5);
        Parameters trained = CheckpointFolder.Load(Generation(kind)).Parameters;
        Assert.Equal(kind == "continue", trained.Values.SequenceEqual(CheckpointFolder.Load(Generation("plain")).Parameters.Values));
        Assert.Equal(trained.Values, CheckpointFolder.Load(Generation("again")).Parameters.Values);
    }

    [Theory]
    [InlineData("reinforce-baseline")]
    [InlineData("grpo")]
    public async Task Where_no_trace_is_better_than_another_a_trainer_of_rewards_says_so(string kind)
    {
        List<TrainingExample> same = [.. Examples().Select(example => example with { Trace = example.Trace with { Accepted = true } })];
        InputException refusal = await Assert.ThrowsAsync<InputException>(() => Train(_settings with { Kind = kind }, "1", same));
        Assert.Contains("no trace better than another", refusal.Message, StringComparison.Ordinal);
    }

    private double AcceptedLogProbability(string folder)
    {
        var model = new LanguageModel(CheckpointFolder.Load(folder).Parameters);
        var encoder = new ExampleEncoder(Blocksworld, _tokenizer);
        return Examples().Where(example => example.Trace.Accepted)
            .Select(example => encoder.Encode(example.Task.Problem, example.Trace.Text, finished: false, variation: null))
            .Average(sequence => model.LogProbabilities(sequence.Tokens, sequence.FirstTarget).Sum());
    }

    [Fact]
    public async Task The_state_of_a_fine_tuning_with_other_settings_is_refused()
    {
        using var stop = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Train(_settings, "1", _ => stop.Cancel(), stop.Token));
        OutsideException refusal = await Assert.ThrowsAsync<OutsideException>(() => Train(_settings with { Clip = 2 }, "1"));
        Assert.Contains("1.training: is the state of another training", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_share_of_the_traces_is_held_out_and_its_loss_reported()
    {
        Assert.Null((await Train(_settings, "all")).ValidationLoss);
        TrainingResult result = await Train(_settings with { Validation = 0.5, MinSteps = 15 }, "half");
        Assert.InRange(result.ValidationLoss!.Value, 0.1, Math.Log(_tokenizer.VocabularySize));
        TrainingResult few = await Train(_settings with { Validation = 0.9, BatchTokens = 64, MinSteps = 0 }, "few");
        Assert.Equal(1, few.Steps);
    }

    [Theory]
    [InlineData("local")]
    [InlineData("lora")]
    public async Task The_loss_of_the_traces_held_out_is_measured_after_each_pass_and_at_the_end(string kind)
    {
        var steps = new List<TrainingStep>();
        TrainingResult result = await Train(_settings with { Kind = kind, Validation = 0.25, BatchTokens = 150, Epochs = 3, MinSteps = 0 }, "1", steps.Add);
        int pass = steps.First(step => step.ValidationLoss is not null).Step;
        Assert.InRange(pass, 2, result.Steps / 2);
        Assert.All(steps, step => Assert.Equal(step.Step % pass == 0 || step.Step == result.Steps, step.ValidationLoss is not null));
        Assert.Equal(result.ValidationLoss, steps[^1].ValidationLoss);
        Assert.NotEqual(steps[pass - 1].ValidationLoss, result.ValidationLoss);
        Assert.True(steps[0].LearningRate > 0);
    }

    [Theory]
    [InlineData("local", 20_000)]
    [InlineData("reinforce-baseline", 20_000)]
    [InlineData("local", 5_000)]
    public async Task A_fine_tuning_reads_as_many_tokens_as_it_is_given_whatever_it_learns_from(string kind, long tokens)
    {
        TrainerSettings settings = _settings with { Kind = kind, Tokens = tokens, BatchTokens = 300, LearningRate = 1e-4, MinSteps = 1000, Epochs = 50 };
        TrainingResult all = await Train(settings, "all");
        TrainingResult few = await Train(settings, "few", Examples()[..2]);
        Assert.All([all, few], result => Assert.InRange(result.Tokens, tokens - 450, tokens + 450));
        Assert.Equal(1, (await Train(settings with { Tokens = 1 }, "one")).Steps);
    }

    private string Generation(string name) => Path.Combine(_folder.File("generations"), name);

    private Task<TrainingResult> Train(
        TrainerSettings settings, string name, Action<TrainingStep>? progress = null, CancellationToken cancellation = default) =>
        Train(settings, name, Examples(), progress, cancellation);

    private Task<TrainingResult> Train(
        TrainerSettings settings, string name, List<TrainingExample> examples, Action<TrainingStep>? progress = null, CancellationToken cancellation = default)
    {
        var job = new TrainingJob("blocksworld", 1, _folder.File("base"), Generation(name), examples, new Seed(7))
        {
            BehaviourFolders = new Dictionary<int, string> { [0] = _folder.File("base") },
        };
        return new LocalTrainer(settings, threads: 2).Train(job, new Reports(progress), cancellation);
    }

    /// <summary>Two answers to each of a few tasks: the teacher's, and that to another task, which is wrong.</summary>
    private List<TrainingExample> Examples()
    {
        var settings = new RunSettings { Tasks = 4, HeldOut = 0, Larger = 0 };
        IReadOnlyList<PlanningTask> tasks = new TaskGenerator(Blocksworld, new Seed(3)).DrawAll(settings);
        return [.. tasks.SelectMany((task, i) => (TrainingExample[])[Example(task, task, Outcome.Valid), Example(task, tasks[(i + 1) % tasks.Count], Outcome.Invalid)])];
    }

    private TrainingExample Example(PlanningTask task, PlanningTask answered, Outcome outcome)
    {
        string text = WordFormat.Print(Planner.Solve(answered.Problem).Plan!);
        Trace trace = SomeTrace.Of(task.Id.Number, sample: (int)outcome, outcome: outcome, text: text);
        return new TrainingExample(task, trace with { Tokens = [.. _tokenizer.Encode(text), _tokenizer.EndOfText] });
    }

    private sealed class Reports(Action<TrainingStep>? report) : IProgress<TrainingStep>
    {
        public void Report(TrainingStep value) => report?.Invoke(value);
    }
}
