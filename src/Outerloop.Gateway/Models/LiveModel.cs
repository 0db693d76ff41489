using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text;
using Outerloop.Gateway.Answers;
using Outerloop.Gateway.OpenAi;
using Outerloop.Gateway.Tasks;
using Outerloop.Live;
using Outerloop.Model.Checkpoints;
using Outerloop.Model.Sampling;
using Outerloop.Model.Tokenization;
using Outerloop.Model.Tokenization.Chat;
using Outerloop.Planning.Domains;
using Outerloop.Prompting;

namespace Outerloop.Gateway.Models;

/// <summary>A model at work: all requests to it are answered in one batch that they join and leave at any time.</summary>
internal sealed class LiveModel : IAsyncDisposable
{
    /// <summary>Sequences at a time of a model whose threads share each product.</summary>
    private const int SharedBatch = 8;

    /// <summary>Tokens that come faster are told together: nobody reads so fast, and each telling costs more than a small model's token.</summary>
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(20);

    private readonly SamplingCheckpoint _checkpoint;
    private readonly LiveSampler _sampler;
    private readonly ConcurrentDictionary<PlanningDomain, IPromptFormat> _formats = [];

    /// <summary>Of tasks that are remembered elsewhere.</summary>
    private readonly ConditionalWeakTable<PosedProblem, int[]> _prompts = [];

    private LiveModel(SamplingCheckpoint checkpoint, ITokenizer tokenizer, int threads)
    {
        _checkpoint = checkpoint;
        Tokenizer = tokenizer;
        Template = ChatTemplate.Of(tokenizer, out _);
        _sampler = new LiveSampler(checkpoint.Sampler, checkpoint.SharesProducts
            ? new SamplerOptions { Threads = 1, BatchSize = SharedBatch }
            : new SamplerOptions { Threads = threads });
    }

    public ITokenizer Tokenizer { get; }

    /// <summary>How conversations are put to it; null for a model that holds none.</summary>
    public ChatTemplate? Template { get; }

    /// <summary>SHA-256 of the weights.</summary>
    public string Weights => _checkpoint.WeightsHash;

    /// <summary>Longest prompt and answer together, in tokens.</summary>
    public int LongestSequence => _checkpoint.Config.MaxPositions;

    /// <summary>Answers that wait for a place in the batch.</summary>
    public int Waiting => _sampler.Waiting;

    public int Vocabulary => _checkpoint.Config.Vocabulary;

    /// <exception cref="InputException">The folder has no model that can be run and spoken to.</exception>
    public static LiveModel Open(string folder, int threads)
    {
        try
        {
            SamplingCheckpoint checkpoint = SamplingCheckpoint.Open(folder, threads);
            if (checkpoint.Tokenizer is { } tokenizer)
                return new LiveModel(checkpoint, tokenizer, threads);
            checkpoint.Dispose();
            throw new InputException($"{folder}: the model has no tokenizer.json");
        }
        catch (CheckpointException problem)
        {
            throw new InputException(problem.Message, problem);
        }
    }

    /// <summary>A task in the model's own words.</summary>
    /// <exception cref="InputException">It cannot be told in them.</exception>
    /// <exception cref="UnknownTokenException">The model has no word for some of it.</exception>
    public int[] PromptOf(TaskInText task) => _prompts.GetValue(task.Problem, problem =>
        Tokenizer.Encode(_formats.GetOrAdd(task.Domain, domain => PromptFormats.Of(Tokenizer, domain)).Prompt(problem.Problem)));

    /// <summary>One answer, piece by piece. Leaving the loop early frees its place in the batch.</summary>
    public async IAsyncEnumerable<AnswerPiece> Answer(
        int[] prompt, SamplingParameters parameters, ulong seed, int choice, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var request = new SampleRequest(choice, prompt, parameters.MaxTokens ?? int.MaxValue, (float)parameters.Temperature, seed, _checkpoint.EndOfText)
        {
            Filter = parameters.Filter,
        };
        StreamingDecoder decoder = Tokenizer.StartDecoding();
        var stop = new StopText(parameters.Stop);
        TimeSpan? hold = parameters.Stream || !parameters.Stop.IsEmpty ? Pace : null;
        await foreach (SampledToken[] burst in _sampler.Bursts(request, hold, cancellation))
        {
            yield return PieceOf(choice, burst, decoder, stop);
            if (stop.Found)
                yield break;
        }
    }

    /// <summary>What tokens add, those behind a stop text left out.</summary>
    private static AnswerPiece PieceOf(int choice, SampledToken[] burst, StreamingDecoder decoder, StopText stop)
    {
        var text = new StringBuilder();
        int count = 0;
        foreach (SampledToken token in burst)
        {
            count++;
            string next = token.Finish == FinishReason.Stop ? "" : decoder.Append(token.Token);
            if (token.Finish is not null)
                next += decoder.Finish();
            text.Append(stop.Append(next, last: token.Finish is not null));
            if (stop.Found)
                break;
        }

        FinishReason? end = burst[count - 1].Finish;
        return new AnswerPiece(choice, text.ToString(), burst[..count], stop.Found || end == FinishReason.Stop ? "stop" : end is null ? null : "length");
    }

    public async ValueTask DisposeAsync()
    {
        await _sampler.DisposeAsync();
        _checkpoint.Dispose();
    }
}
