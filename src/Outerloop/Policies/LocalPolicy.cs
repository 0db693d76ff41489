using System.Runtime.CompilerServices;
using Outerloop.Model.Checkpoints;
using Outerloop.Model.Sampling;
using Outerloop.Model.Tokenization;
using Outerloop.Planning.Pddl;
using Outerloop.Prompting;
using Outerloop.Tasks;

namespace Outerloop.Policies;

/// <summary>A generation answered by the in-process model.</summary>
public sealed class LocalPolicy : IPolicy
{
    private readonly Sampler _sampler;
    private readonly ITokenizer _tokenizer;
    private readonly IPromptFormat _format;
    private readonly SamplerOptions _options;
    private readonly int _longest;

    /// <exception cref="InputException">The model has no tokenizer, or its vocabulary lacks words of the domain.</exception>
    public LocalPolicy(string folder, Checkpoint checkpoint, Domain domain, int threads)
    {
        _tokenizer = checkpoint.Tokenizer ?? throw new InputException($"{folder}: the model has no tokenizer.json");
        string? missing = WordFormat.Words(domain).FirstOrDefault(word => !_tokenizer.TryTokenId(word, out _));
        if (missing is not null)
            throw new InputException($"{folder}: the model has no word for '{missing}' of the domain {domain.Name}");
        _format = new WordFormat(domain);
        _sampler = new Sampler(checkpoint.Parameters);
        _options = new SamplerOptions { Threads = threads };
        _longest = checkpoint.Parameters.Config.MaxPositions;
        WeightsHash = checkpoint.WeightsHash;
    }

    public string WeightsHash { get; }

    public async IAsyncEnumerable<Completion> Answer(
        IReadOnlyList<CompletionRequest> requests, [EnumeratorCancellation] CancellationToken cancellation)
    {
        SampleRequest[] samples = [.. requests.Select(Prepare)];
        await foreach (SampleResult result in _sampler.Sample(samples, _options, cancellation))
            yield return Complete(requests[result.Id], samples[result.Id], result);
    }

    private SampleRequest Prepare(CompletionRequest request, int index) => new(
        index,
        Encode(request.Task),
        request.MaxNewTokens,
        (float)request.Temperature,
        request.Seed.Value,
        _tokenizer.EndOfText);

    private int[] Encode(PlanningTask task)
    {
        try
        {
            int[] prompt = _tokenizer.Encode(_format.Prompt(task.Problem));
            return prompt.Length < _longest
                ? prompt
                : throw new InputException($"{task.Id}: the prompt has {prompt.Length} tokens, and the model reads at most {_longest}");
        }
        catch (UnknownTokenException problem)
        {
            throw new InputException($"{task.Id}: the model has no word for '{problem.Word}'", problem);
        }
    }

    private Completion Complete(CompletionRequest request, SampleRequest sample, SampleResult result)
    {
        bool finished = result.Finish == FinishReason.Stop;
        ReadOnlySpan<int> words = finished ? result.Tokens.AsSpan()[..^1] : result.Tokens;
        return new Completion
        {
            Request = request,
            Text = _tokenizer.Decode(words),
            Tokens = result.Tokens,
            LogProbs = result.LogProbs,
            SamplingLogProbs = result.SamplingLogProbs,
            PromptTokens = sample.Prompt.Length,
            End = finished ? CompletionEnd.Finished : CompletionEnd.OutOfTokens,
        };
    }
}
