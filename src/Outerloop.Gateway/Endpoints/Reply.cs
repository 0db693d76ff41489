using Outerloop.Gateway.Answers;
using Outerloop.Gateway.Models;
using Outerloop.Gateway.OpenAi;
using Outerloop.Live;

namespace Outerloop.Gateway.Endpoints;

/// <summary>The answers to one request as they grow, and how they are told.</summary>
internal sealed class Reply(AnswerForm form, ReplyId id, OfferedModel offered, LiveModel model, Question question, SamplingParameters parameters)
{
    private readonly Answer[] _answers = [.. parameters.Seeds.Select((_, choice) => new Answer(choice))];

    /// <summary>The model's immutable name.</summary>
    public string Name => offered.StandsFor ?? offered.Name;

    public UsageBody Usage => new(question.Prompt.Length, _answers.Sum(answer => answer.Tokens.Count));

    public IAsyncEnumerable<AnswerPiece> Pieces(CancellationToken cancellation) => AnswerStream.Of(model, question.Prompt, parameters, cancellation);

    public void Add(AnswerPiece piece) => _answers[piece.Choice].Add(piece);

    public ReplyBody Whole() => With(form.Whole, [.. _answers.Select(answer => form.Of(answer, parameters, model.Tokenizer))]) with { Usage = Usage };

    /// <summary>What has been added to the answers that go on since the last time.</summary>
    public IEnumerable<ReplyBody> Growth() => _answers.Where(answer => answer.Finish is null).Select(Untold).OfType<ReplyBody>();

    /// <summary>What is left to tell of all of them.</summary>
    public IEnumerable<ReplyBody> Ends() => _answers.Select(Untold).OfType<ReplyBody>();

    /// <summary>The chunk without answers that ends a stream whose client wants the usage; null for another's.</summary>
    public ReplyBody? UsageChunk() => parameters.StreamsUsage ? With(form.Chunk, []) with { Usage = Usage } : null;

    /// <summary>What is kept of it, once it is whole.</summary>
    /// <param name="key">The name of the key that it was asked for with.</param>
    public IReadOnlyList<LiveAnswer> Record(string? key) =>
    [
        .. _answers.Select(answer => new LiveAnswer
        {
            Id = new AnswerId(id.Text, answer.Choice),
            Time = id.Time,
            Model = Name,
            Weights = model.Weights,
            Temperature = parameters.Temperature,
            Finish = answer.Finish ?? "stop",
            Prompt = question.Prompt,
            Text = answer.Text,
            Tokens = [.. answer.Tokens.Select(token => token.Token)],
            LogProbs = [.. answer.Tokens.Select(token => token.LogProb)],
            SamplingLogProbs = [.. answer.Tokens.Select(token => token.SamplingLogProb)],
            Key = key,
            Task = TaskOfRun(),
        }),
    ];

    /// <summary>
    /// The task, if the model was made for such. An answer that a client may have cut short at a text of its own is not what the model
    /// wrote, and no trace.
    /// </summary>
    private LiveTask? TaskOfRun() => offered.Generation is var (domain, number) && question.Task is { } task && task.Domain.Name == domain && parameters.Stop.IsEmpty
        ? new LiveTask(domain, number, task.Problem)
        : null;

    private ReplyBody? Untold(Answer answer) =>
        answer.TakeUntold() is { } part ? With(form.Chunk, [form.Of(part, parameters, model.Tokenizer)]) : null;

    private ReplyBody With(string kind, IReadOnlyList<ChoiceBody> choices) =>
        new(id.Text, kind, id.Time.ToUnixTimeSeconds(), Name, model.Weights, choices);
}
