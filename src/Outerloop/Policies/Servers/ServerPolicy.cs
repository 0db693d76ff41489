using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Outerloop.Prompting;
using Polly;
using Polly.Retry;

namespace Outerloop.Policies.Servers;

/// <summary>
/// A generation answered by servers with OpenAI's chat completions. What a server fails to do is sent again, and in the
/// end a failure of the machinery; it never looks like a wrong answer.
/// </summary>
public sealed class ServerPolicy : IPolicy
{
    /// <summary>So many refusals before the first answer mean that the server takes no request of this run.</summary>
    private const int RefusalsToStop = 16;

    private readonly ServedModel _model;
    private readonly IPromptFormat _format;
    private readonly ServerOptions _options;
    private readonly ServerPool _pool;
    private readonly StallWatch _watch;
    private readonly ResiliencePipeline<Attempt> _retries;
    private int _refusals;
    private bool _answered;

    public ServerPolicy(ServedModel model, IPromptFormat format, ServerOptions options, HttpClient http, ServerSurroundings around)
    {
        _model = model;
        _format = format;
        _options = options;
        _pool = new ServerPool(model, options, http, around);
        _watch = new StallWatch(options.Stall, around);
        _retries = Retries(options, around.Clock);
    }

    public string WeightsHash => _model.Weights;

    public async IAsyncEnumerable<Completion> Answer(
        IEnumerable<CompletionRequest> requests, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        // Bounded, so that answers wait with the servers and not in memory when the store is slower.
        Channel<Completion> answers = Channel.CreateBounded<Completion>(new BoundedChannelOptions(_options.InFlight) { SingleReader = true });
        Task asking = AskAll(requests, answers.Writer, stop.Token);
        try
        {
            await foreach (Completion completion in answers.Reader.ReadAllAsync(cancellation))
                yield return completion;
        }
        finally
        {
            await stop.CancelAsync();
            await asking;
        }
    }

    public void Dispose()
    {
        _watch.Dispose();
        _pool.Dispose();
    }

    /// <summary>Ends when all is asked or something ends the whole; then the writer tells which.</summary>
    private async Task AskAll(IEnumerable<CompletionRequest> requests, ChannelWriter<Completion> answers, CancellationToken cancellation)
    {
        try
        {
            var bounds = new ParallelOptions { MaxDegreeOfParallelism = _options.InFlight, CancellationToken = cancellation };
            IEnumerable<ChatCall> calls = ChatCall.Group(requests, _options.Choices, request => _format.Prompt(request.Task.Problem));
            await Parallel.ForEachAsync(calls, bounds, async (call, token) =>
            {
                foreach (Completion completion in await Ask(call, token))
                    await answers.WriteAsync(completion, token);
            });
            answers.Complete();
        }
        catch (Exception problem)
        {
            answers.Complete(problem);
        }
    }

    private async Task<IEnumerable<Completion>> Ask(ChatCall call, CancellationToken cancellation)
    {
        int requests = 0;
        double seconds = 0;
        _watch.Begin(call);
        try
        {
            Attempt last = await _retries.ExecuteAsync(
                async token =>
                {
                    requests++;
                    Attempt attempt = await _pool.Ask(call, token);
                    seconds += attempt.Seconds;
                    return attempt;
                },
                cancellation);
            StopAtRefusals(last);
            return Completions(call, last, new Effort(requests, requests - 1, last.Reply?.PromptTokens ?? 0, seconds));
        }
        finally
        {
            _watch.End(call);
        }
    }

    private void StopAtRefusals(Attempt attempt)
    {
        _answered |= attempt.Kind is AttemptKind.Answered or AttemptKind.NoRoom;
        if (attempt.Kind == AttemptKind.Refused && !_answered && Interlocked.Increment(ref _refusals) >= RefusalsToStop)
            throw new InputException($"the server refuses every request: {attempt.Error}");
    }

    private IEnumerable<Completion> Completions(ChatCall call, Attempt attempt, Effort effort) =>
        call.Wanted.Select((request, i) => attempt.Reply is { } reply
            ? ToCompletion(request, reply.Choices[i], reply.PromptTokens, i == 0 ? effort : default) with { Server = attempt.Server }
            : Unanswered(request, attempt, i == 0 ? effort : default));

    private Completion ToCompletion(CompletionRequest request, ChatChoice choice, int promptTokens, Effort effort)
    {
        bool sampled = _options.LogProbs == LogProbKind.Sampled;
        return new Completion
        {
            Request = request,
            Text = choice.Text,
            Tokens = choice.Tokens,
            LogProbs = sampled ? [] : choice.LogProbs,
            SamplingLogProbs = sampled ? choice.LogProbs : choice.SamplingLogProbs,
            PromptTokens = promptTokens,
            AnswerTokens = choice.AnswerTokens,
            ReasoningTokens = choice.ReasoningTokens,
            Effort = effort,
            End = choice.Finished ? CompletionEnd.Finished : CompletionEnd.OutOfTokens,
        };
    }

    private static Completion Unanswered(CompletionRequest request, Attempt attempt, Effort effort) => new()
    {
        Request = request,
        Text = "",
        Tokens = [],
        LogProbs = [],
        SamplingLogProbs = [],
        PromptTokens = 0,
        Effort = effort,
        End = attempt.Kind == AttemptKind.NoRoom ? CompletionEnd.OutOfTokens : CompletionEnd.Failed,
        Error = attempt.Error,
    };

    /// <summary>What may pass is sent again, when the server says or after delays that double, each drawn anew.</summary>
    private static ResiliencePipeline<Attempt> Retries(ServerOptions options, TimeProvider clock)
    {
        var builder = new ResiliencePipelineBuilder<Attempt> { TimeProvider = clock };
        if (options.Retries == 0)
            return builder.Build();
        return builder.AddRetry(new RetryStrategyOptions<Attempt>
        {
            MaxRetryAttempts = options.Retries,
            ShouldHandle = arguments => ValueTask.FromResult(arguments.Outcome.Result?.MayPass == true),
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            Delay = options.FirstDelay,
            MaxDelay = options.LongestDelay,
            DelayGenerator = arguments => ValueTask.FromResult(arguments.Outcome.Result?.RetryAfter),
        }).Build();
    }
}
