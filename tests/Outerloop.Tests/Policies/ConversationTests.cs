using Outerloop.Model.Checkpoints;
using Outerloop.Model.Decoder;
using Outerloop.Model.Tokenization.BytePairs;
using Outerloop.Model.Tokenization.Chat;
using Outerloop.Model.Training;
using Outerloop.Planning.Domains;
using Outerloop.Planning.Pddl;
using Outerloop.Planning.Validation;
using Outerloop.Policies;
using Outerloop.Prompting;
using Outerloop.Tasks;
using Outerloop.Tests.Support;
using Outerloop.Traces;
using Outerloop.Verification;

namespace Outerloop.Tests.Policies;

/// <summary>Models with byte pairs and turns of a conversation, as Qwen3 has them.</summary>
public sealed class ConversationTests : IDisposable
{
    private const string Plan = "(unstack b3 b7)\n(putdown b3)\n(pickup b7)\n(stack b7 b3)";

    private static readonly PlanningDomain Domain = DomainCatalog.Find("blocksworld")!;

    private static readonly BytePairTokenizer Tokenizer =
        BytePairTrainer.Train([Domain.Pddl, Plan], 400, ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]);

    private readonly TemporaryFolder _folder = new();

    private readonly PlanningTask _task = PlanningTask.Read(
        new TaskId(Domain.Name, TaskSet.Pool, 0),
        """
        (define (problem p) (:domain blocksworld) (:objects b7 b3)
          (:init (on b3 b7) (on-table b7) (clear b3) (arm-empty)) (:goal (on b7 b3)))
        """,
        Domain.Domain);

    public ConversationTests()
    {
        var config = new ModelConfig
        {
            Layers = 2,
            Dim = 32,
            Heads = 4,
            KvHeads = 2,
            HeadDim = 8,
            FeedForward = 48,
            Vocabulary = Tokenizer.VocabularySize,
            MaxPositions = 2048,
        };
        CheckpointFolder.Save(_folder.File("model"), Parameters.Random(config, 3), Tokenizer);
        ModelExport.Write(_folder.File("model"), adapter: null, _folder.File("mapped"), TensorType.BF16);
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("model")]
    [InlineData("mapped")]
    public async Task A_model_with_turns_is_asked_in_pddl_and_its_answers_are_judged(string folder)
    {
        var factory = new LocalPolicyFactory(threads: 2);
        using IPolicy policy = factory.Open(_folder.File(folder), Domain);
        var verifier = new PlanVerifier(factory.FormatOf(_folder.File(folder), Domain));
        CompletionRequest[] requests = [.. Enumerable.Range(0, 6).Select(sample =>
            new CompletionRequest(new TraceId(0, _task.Id, SampleMode.Sampled, sample), _task, 1, 20, new Seed((ulong)sample)))];
        var completions = new List<Completion>();
        await foreach (Completion completion in policy.Answer(requests, CancellationToken.None))
            completions.Add(completion);
        Assert.Equal(6, completions.Count);
        Assert.Equal(64, policy.WeightsHash.Length);
        Assert.All(completions, one => Assert.Contains(verifier.Judge(_task, one).Outcome, new[] { Outcome.Truncated, Outcome.Malformed }));
        Assert.All(completions, one => Assert.Equal(Tokenizer.Encode(Prompt()).Length, one.PromptTokens));
    }

    [Fact]
    public void The_question_holds_domain_and_problem_and_the_answer_begins_with_the_models_turn()
    {
        string prompt = Prompt();
        Assert.StartsWith("<|im_start|>user\n", prompt, StringComparison.Ordinal);
        Assert.EndsWith("<|im_end|>\n<|im_start|>assistant\n", prompt, StringComparison.Ordinal);
        Assert.Contains(Domain.Pddl.Trim(), prompt, StringComparison.Ordinal);
        Assert.Contains("(on b3 b7)", prompt, StringComparison.Ordinal);
    }

    [Fact]
    public void A_plan_is_read_from_the_last_block_behind_the_reasoning()
    {
        var validator = new PlanValidator(_task.Problem);
        string answer = $"<think>\n(pickup b3) would be wrong.\n</think>\n\nHere it is:\n```\n{Plan}\n```\n";
        Reading<Plan> reading = new ChatFormat(Domain, ChatTemplate.Qwen3).ReadPlan(answer, validator);
        Assert.True(validator.Judge(reading).IsValid);
        Assert.Equal(4, reading.Value!.Length);
    }

    [Fact]
    public void What_is_learnt_is_the_very_tokens_that_were_sampled()
    {
        var encoder = new ExampleEncoder(Domain, Tokenizer);
        int[] sampled = [5, 4, 300, 17, Tokenizer.EndOfText];
        TrainingSequence sequence = encoder.EncodeAsSampled(_task.Problem, sampled);
        Assert.False(encoder.CanRetell);
        Assert.Equal(sampled, sequence.Tokens[sequence.PromptLength..]);
        Assert.Equal(Prompt(), Tokenizer.Decode(sequence.Tokens.AsSpan()[..sequence.PromptLength]));
    }

    private string Prompt() => PromptFormats.Of(Tokenizer, Domain).Prompt(_task.Problem);
}
