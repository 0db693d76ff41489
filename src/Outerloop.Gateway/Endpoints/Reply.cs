using Outerloop.Gateway.Answers;
using Outerloop.Gateway.Models;
using Outerloop.Gateway.OpenAi;

namespace Outerloop.Gateway.Endpoints;

/// <summary>The answers to one request as they grow, and how they are told.</summary>
internal sealed class Reply(AnswerForm form, string name, LiveModel model, int[] prompt, SamplingParameters parameters, DateTimeOffset created)
{
    private readonly Answer[] _answers = [.. parameters.Seeds.Select((_, choice) => new Answer(choice))];

    /// <summary>Never given again; later ones sort behind earlier ones.</summary>
    private readonly string _id = $"{form.IdPrefix}{Guid.CreateVersion7(created):n}";

    private UsageBody Usage => new(prompt.Length, _answers.Sum(answer => answer.Tokens.Count));

    public IAsyncEnumerable<AnswerPiece> Pieces(CancellationToken cancellation) => AnswerStream.Of(model, prompt, parameters, cancellation);

    public void Add(AnswerPiece piece) => _answers[piece.Choice].Add(piece);

    public ReplyBody Whole() => With(form.Whole, [.. _answers.Select(answer => form.Of(answer, parameters, model.Tokenizer))]) with { Usage = Usage };

    /// <summary>Adds a piece, and tells it.</summary>
    public ReplyBody Chunk(AnswerPiece piece)
    {
        bool first = _answers[piece.Choice].Tokens.Count == 0;
        Add(piece);
        return With(form.Chunk, [form.Of(piece, first, parameters, model.Tokenizer)]);
    }

    /// <summary>The chunk without answers that ends a stream whose client wants the usage; null for another's.</summary>
    public ReplyBody? UsageChunk() => parameters.StreamsUsage ? With(form.Chunk, []) with { Usage = Usage } : null;

    private ReplyBody With(string kind, IReadOnlyList<ChoiceBody> choices) =>
        new(_id, kind, created.ToUnixTimeSeconds(), name, model.Weights, choices);
}
