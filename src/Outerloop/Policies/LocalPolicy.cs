using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Outerloop.Model.Sampling;
using Outerloop.Model.Tokenization;
using Outerloop.Planning.Domains;
using Outerloop.Prompting;
using Outerloop.Tasks;

namespace Outerloop.Policies;

/// <summary>A generation answered by the in-process model.</summary>
public sealed class LocalPolicy : IPolicy
{
    /// <summary>Sequences at a time of a model whose threads share each product.</summary>
    private const int SharedBatch = 8;

    private readonly SamplingCheckpoint _checkpoint;
    private readonly ITokenizer _tokenizer;
    private readonly IPromptFormat _format;
    private readonly SamplerOptions _options;

    /// <exception cref="InputException">The model has no tokenizer, or its vocabulary lacks words of the domain.</exception>
    public LocalPolicy(string folder, SamplingCheckpoint checkpoint, PlanningDomain domain, int threads)
    {
        _checkpoint = checkpoint;
        _tokenizer = checkpoint.Tokenizer ?? throw WithoutTokenizer(folder);
        _format = PromptFormats.Of(_tokenizer, domain);
        string? missing = _format is WordFormat
            ? WordFormat.Words(domain).FirstOrDefault(word => !_tokenizer.TryTokenId(word, out _))
            : null;
        if (missing is not null)
            throw new InputException($"{folder}: the model has no word for '{missing}' of the domain {domain.Domain.Name}");
        _options = checkpoint.SharesProducts
            ? new SamplerOptions { Threads = 1, BatchSize = SharedBatch }
            : new SamplerOptions { Threads = threads };
    }

    public string WeightsHash => _checkpoint.WeightsHash;

    internal static InputException WithoutTokenizer(string folder) => new($"{folder}: the model has no tokenizer.json");

    public async IAsyncEnumerable<Completion> Answer(
        IEnumerable<CompletionRequest> requests, [EnumeratorCancellation] CancellationToken cancellation)
    {
        // The sampler takes requests on its own threads.
        var begun = new ConcurrentDictionary<int, (CompletionRequest Request, SampleRequest Sample)>();
        IEnumerable<SampleRequest> samples = requests.Select((request, index) =>
        {
            SampleRequest sample = Prepare(request, index);
            begun[index] = (request, sample);
            return sample;
        });
        await foreach (SampleResult result in _checkpoint.Sampler.Sample(samples, _options, cancellation))
        {
            begun.TryRemove(result.Id, out (CompletionRequest Request, SampleRequest Sample) asked);
            yield return Complete(asked.Request, asked.Sample, result);
        }
    }

    public void Dispose() => _checkpoint.Dispose();

    private SampleRequest Prepare(CompletionRequest request, int index) => new(
        index,
        Encode(request.Task),
        request.MaxNewTokens,
        (float)request.Temperature,
        request.Seed.Value,
        _checkpoint.EndOfText);

    private int[] Encode(PlanningTask task)
    {
        try
        {
            int[] prompt = _tokenizer.Encode(_format.Prompt(task.Problem));
            return prompt.Length < _checkpoint.Config.MaxPositions
                ? prompt
                : throw new InputException($"{task.Id}: the prompt has {prompt.Length} tokens, and the model reads at most {_checkpoint.Config.MaxPositions}");
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
