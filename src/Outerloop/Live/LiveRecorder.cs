using System.Threading.Channels;
using Outerloop.Configuration;
using Outerloop.Planning.Domains;
using Outerloop.Planning.Pddl;
using Outerloop.Policies;
using Outerloop.Runs;
using Outerloop.Storage;
using Outerloop.Tasks;
using Outerloop.Traces;
using Outerloop.Verification;

namespace Outerloop.Live;

/// <summary>
/// Keeps the answers to users in the run's store, each to a task of the run's as a verified trace. Whatever waits is committed
/// together by one writer, so that a small answer does not cost a transaction.
/// </summary>
public sealed class LiveRecorder : IAsyncDisposable
{
    private const int LargestCommit = 512;

    /// <summary>
    /// Answers that come sooner than this after a commit are committed together: under load each is cheaper for it, and an answer that
    /// comes alone waits for nothing.
    /// </summary>
    private static readonly TimeSpan BetweenCommits = TimeSpan.FromMilliseconds(5);

    /// <summary>Conditions of a user's problem can take exponential time.</summary>
    private static readonly TimeSpan LongestVerdict = TimeSpan.FromSeconds(5);

    /// <summary>Of a verdict on a task that has no id yet.</summary>
    private static readonly CompletionRequest Unnamed = new(default, null!, 0, 0, default);

    private readonly RunStore _store;
    private readonly RunSettings _settings;
    private readonly Dictionary<string, PlanVerifier> _verifiers;
    private readonly TimeProvider _clock;
    private readonly Channel<Waiting> _waiting = Channel.CreateBounded<Waiting>(new BoundedChannelOptions(4 * LargestCommit) { SingleReader = true });
    private readonly Task _writing;
    private long _commits;

    private LiveRecorder(RunStore store, RunSettings settings, Dictionary<string, PlanVerifier> verifiers, TimeProvider clock)
    {
        _store = store;
        _settings = settings;
        _verifiers = verifiers;
        _clock = clock;
        _writing = Task.Run(Write);
    }

    /// <param name="run">The run's folder; its loop may be at work on it.</param>
    /// <param name="clock">Says when feedback came.</param>
    /// <param name="cancellation">Stops waiting for the database.</param>
    /// <exception cref="InputException">There is no run in the folder.</exception>
    public static async Task<LiveRecorder> Open(string run, TimeProvider clock, CancellationToken cancellation)
    {
        RunSettings settings = RunFolder.SettingsAt(run);
        var verifiers = settings.Domains.ToDictionary(domain => domain, domain => new PlanVerifier(PolicyCatalog.FormatOf(run, DomainCatalog.Find(domain)!), (LongestVerdict, clock)));
        return new LiveRecorder(await RunStore.Open(RunFolder.StoreOf(run), cancellation), settings, verifiers, clock);
    }

    /// <summary>Transactions so far.</summary>
    public long Commits => Interlocked.Read(ref _commits);

    /// <summary>Returns when the answers are committed, all of them or none.</summary>
    /// <exception cref="OutsideException">The store cannot keep them.</exception>
    public async Task Record(IReadOnlyList<LiveAnswer> answers)
    {
        var waiting = new Waiting([.. answers.Select(answer => (answer, Judge(answer)))], new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        await _waiting.Writer.WriteAsync(waiting);
        await waiting.Committed.Task;
    }

    /// <summary>Keeps what a user says of an answer; a corrected answer to a task is verified.</summary>
    /// <returns>What became of the correction; null where there is nothing to verify.</returns>
    /// <exception cref="UnknownAnswerException">No such answer was given.</exception>
    public async Task<Judgement?> Record(Feedback feedback, CancellationToken cancellation)
    {
        // A connection of its own: the writer may be in a transaction on the other one.
        await using RunStore store = await _store.Again(cancellation);
        Judgement? judgement = null;
        TraceId? trace = await store.TraceOf(feedback.Answer) ?? throw new UnknownAnswerException(feedback.Answer);
        if (trace.Value != default(TraceId) && feedback.Correction is { } correction)
            judgement = Judge(new PosedProblem(await ProblemOf(store, trace.Value.Task)), trace.Value.Task.Domain, correction);
        await store.AddFeedback(feedback, _clock.GetUtcNow(), judgement?.Outcome, cancellation);
        return judgement;
    }

    /// <summary>Commits what waits.</summary>
    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.TryComplete();
        await _writing;
        await _store.DisposeAsync();
    }

    private static async Task<Problem> ProblemOf(RunStore store, TaskId id) =>
        PlanningTask.Read(id, (await store.Problem(id))!, DomainCatalog.Find(id.Domain)!.Domain).Problem;

    private Judgement? Judge(LiveAnswer answer) => answer.Task is { } task && _verifiers.ContainsKey(task.Domain)
        ? Judge(task.Problem, task.Domain, answer.Text, (answer.Finish == "length" ? CompletionEnd.OutOfTokens : CompletionEnd.Finished, answer.AnswerTokens))
        : null;

    /// <summary>What is true of an answer; noise needs the trace's id.</summary>
    private Judgement Judge(PosedProblem problem, string domain, string text, (CompletionEnd End, int Tokens) length = default) =>
        _verifiers[domain].Judge(problem.Validator, CompletionOf(Unnamed, text) with { End = length.End, AnswerTokens = length.Tokens });

    private static Completion CompletionOf(CompletionRequest request, string text) => new()
    {
        Request = request,
        Text = text,
        Tokens = [],
        LogProbs = [],
        SamplingLogProbs = [],
        PromptTokens = 0,
        End = CompletionEnd.Finished,
    };

    /// <summary>What the loop is told: under a run's noisy verifier not always the truth, as of the run's other traces.</summary>
    private Judgement Told(TraceId id, Judgement truth) =>
        new NoisyVerifier(new KnownTruth(truth), _settings.Verifier, new Seed((ulong)_settings.Seed).Then("verifier")).Judge(null!, CompletionOf(Unnamed with { Id = id }, ""));

    private async Task Write()
    {
        while (await _waiting.Reader.WaitToReadAsync())
        {
            var together = new List<Waiting>();
            while (together.Count < LargestCommit && _waiting.Reader.TryRead(out Waiting? next))
                together.Add(next);
            await Commit(together);
            await Task.Delay(BetweenCommits);
        }
    }

    /// <summary>A failure is told to those who wait; the next ones try again.</summary>
    private async Task Commit(List<Waiting> together)
    {
        try
        {
            await _store.AddAnswers([.. together.SelectMany(waiting => waiting.Answers)], Told);
            Interlocked.Increment(ref _commits);
            foreach (Waiting waiting in together)
                waiting.Committed.SetResult();
        }
        catch (Exception problem)
        {
            foreach (Waiting waiting in together)
                waiting.Committed.TrySetException(problem);
        }
    }

    /// <param name="Answers">With what is true of those that answer a task.</param>
    /// <param name="Committed">Is told.</param>
    private sealed record Waiting(IReadOnlyList<(LiveAnswer Answer, Judgement? Truth)> Answers, TaskCompletionSource Committed);

    private sealed class KnownTruth(Judgement truth) : IVerifier
    {
        public Judgement Judge(PlanningTask task, Completion completion) => truth;
    }
}
