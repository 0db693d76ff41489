using System.ClientModel;
using System.ClientModel.Primitives;
using OpenAI;
using OpenAI.Chat;

namespace Outerloop.Policies.Servers;

/// <summary>One server: sends a request once and says what came of it.</summary>
internal sealed class ServerConnection : IDisposable
{
    private const string IdHeader = "X-Request-Id", IdPrefix = "outerloop-";

    private static readonly string Process = Guid.NewGuid().ToString("n")[..12];

    private static long requests;

    private readonly ServedModel _model;
    private readonly ServerOptions _options;
    private readonly ModelPresence _presence;
    private readonly TimeProvider _clock;
    private readonly ChatClient _chat;

    public ServerConnection(Uri url, ServedModel model, ServerOptions options, HttpClient http, ServerSurroundings around)
    {
        Url = url;
        _model = model;
        _options = options;
        _clock = around.Clock;
        var canary = new AdapterCanary(url, model, around.Notices, Send);
        _presence = new ModelPresence(url, model, options, http, around, options.LogProbs == LogProbKind.None ? null : (call, dialect, token) => AsksForLogProbs(dialect) ? canary.Check(call, dialect, token) : Task.CompletedTask);
        var client = new OpenAIClientOptions
        {
            Endpoint = url,
            Transport = new HttpClientPipelineTransport(http),
            RetryPolicy = new ClientRetryPolicy(maxRetries: 0),
            NetworkTimeout = Timeout.InfiniteTimeSpan,
        };
        _chat = new ChatClient(model.Name, new ApiKeyCredential(options.ApiKey), client);
    }

    public Uri Url { get; }

    /// <exception cref="InputException">No request to this server can succeed: the key or the model's name is wrong.</exception>
    public async Task<Attempt> Ask(ChatCall call, CancellationToken cancellation)
    {
        long start = _clock.GetTimestamp();
        try
        {
            Dialect dialect = await _presence.Require(call, cancellation);
            start = _clock.GetTimestamp();
            return await Send(call, _model.Name, dialect, cancellation) with { Seconds = Elapsed(start) };
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return Broken($"no answer within {_options.Deadline.TotalSeconds:0.###} s", start);
        }
        catch (UnansweredException unanswered)
        {
            return unanswered.Attempt with { Seconds = Elapsed(start) };
        }
        catch (Exception problem) when (problem is HttpRequestException or IOException or ClientResultException or UnusableReplyException)
        {
            return Broken(problem.Message, start);
        }
    }

    public void Dispose() => _presence.Dispose();

    private async Task<Attempt> Send(ChatCall call, string name, Dialect dialect, CancellationToken cancellation)
    {
        using var deadline = new CancellationTokenSource(_options.Deadline, _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, deadline.Token);
        string id = $"{IdPrefix}{Process}-{Interlocked.Increment(ref requests):x8}"; // of one length, so that none is the beginning of another
        var options = new RequestOptions { BufferResponse = false, ErrorOptions = ClientErrorBehaviors.NoThrow, CancellationToken = either.Token };
        options.SetHeader(IdHeader, id);
        byte[] body = call.Body(name, dialect, AsksForLogProbs(dialect));
        ClientResult result = await _chat.CompleteChatAsync(BinaryContent.Create(BinaryData.FromBytes(body)), options);
        using PipelineResponse response = result.GetRawResponse();
        ReadOnlyMemory<byte> answer = await BoundedBody.Read(response, call.LongestBody, either.Token);
        if (response.Status is < 200 or > 299)
            return Refusal(response, answer.Span);
        if (response.Headers.TryGetValue(IdHeader, out string? echoed))
            RequireOwn(echoed, id);
        ChatReply reply = ChatReply.Read(answer, call, name);
        RequireOwn(reply.Id, id);
        RequireSameWeights(reply, name, dialect);
        return new Attempt(AttemptKind.Answered, reply) { Server = Identity(reply) };
    }

    private bool AsksForLogProbs(Dialect dialect) =>
        _options.LogProbs == LogProbKind.Auto ? dialect != Dialect.OpenAi : _options.LogProbs != LogProbKind.None;

    private Attempt Refusal(PipelineResponse response, ReadOnlySpan<byte> body)
    {
        if (response.Status == 404)
            _presence.Forget();
        return ServerRefusal.Read(response, body, Url, _clock);
    }

    /// <summary>vLLM puts the request's id into the answer's; another of our ids there means another request's answer.</summary>
    private static void RequireOwn(string? echoed, string id)
    {
        if (echoed?.Contains(IdPrefix + Process, StringComparison.Ordinal) == true && !echoed.Contains(id, StringComparison.Ordinal))
            throw new UnusableReplyException($"the answer is for the request {echoed}, not {id}");
    }

    /// <summary>Our own gateway's fingerprint is the hash of the weights: where the base is trained here, its copy must have the same.</summary>
    private void RequireSameWeights(ChatReply reply, string name, Dialect dialect)
    {
        if (dialect == Dialect.Outerloop && name == _model.BaseName && _model.BaseCopy is { } copy && reply.Fingerprint is { } served && served != copy)
            throw new InputException($"{Url}: '{name}' has weights of the hash {served}, and the copy that is trained here (--trainer-base) {copy}; they must be the same");
    }

    private string? Identity(ChatReply reply) =>
        string.Join(", ", new[] { _presence.Version, reply.Fingerprint is { } fingerprint ? $"fingerprint {fingerprint}" : null }.OfType<string>()) is { Length: > 0 } words ? words : null;

    private Attempt Broken(string error, long start) => new(AttemptKind.Broken, null, $"{Url}: {error}") { Seconds = Elapsed(start) };

    private double Elapsed(long start) => _clock.GetElapsedTime(start).TotalSeconds;
}
