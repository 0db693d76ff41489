using Outerloop.Gateway.Answers;
using Outerloop.Gateway.Models;
using Outerloop.Model.Sampling;
using Outerloop.Model.Tokenization;

namespace Outerloop.Gateway.OpenAi;

/// <summary>One of the API's two forms: how a request is read and its answers are told.</summary>
internal abstract class AnswerForm
{
    /// <summary>Below the API's base.</summary>
    public abstract string Path { get; }

    /// <summary>What OpenTelemetry's conventions call it.</summary>
    public abstract string Operation { get; }

    public abstract string IdPrefix { get; }

    /// <summary>What the API calls an answer in this form.</summary>
    public abstract string Whole { get; }

    /// <summary>What it calls a chunk of a stream.</summary>
    public abstract string Chunk { get; }

    /// <exception cref="ApiException">The request is wrong.</exception>
    public abstract SamplingParameters Parameters(RequestBody body);

    /// <exception cref="ApiException">The request is wrong.</exception>
    /// <exception cref="UnknownTokenException">The model has no word for some of it.</exception>
    public abstract Question Ask(RequestBody body, LiveModel model);

    public ChoiceBody Of(Answer answer, SamplingParameters parameters, ITokenizer tokenizer) =>
        Said(With(answer.Choice, answer.Finish, answer.Tokens, parameters, tokenizer), answer.Text);

    /// <param name="part">Of a stream.</param>
    /// <param name="parameters">Of the request.</param>
    /// <param name="tokenizer">Of the model.</param>
    public ChoiceBody Of(AnswerPart part, SamplingParameters parameters, ITokenizer tokenizer) =>
        SaidInPart(With(part.Choice, part.Finish, part.Tokens, parameters, tokenizer), part.Text, part.IsFirst);

    protected abstract ChoiceBody Said(ChoiceBody choice, string text);

    protected abstract ChoiceBody SaidInPart(ChoiceBody choice, string text, bool first);

    protected abstract object LogProbs(IEnumerable<(string Text, float LogProb)> tokens);

    private ChoiceBody With(int choice, string? finish, IReadOnlyList<SampledToken> tokens, SamplingParameters parameters, ITokenizer tokenizer) => new(choice, finish)
    {
        Logprobs = parameters.LogProbs ? LogProbs(tokens.Select(token => (tokenizer.Decode([token.Token]), token.LogProb))) : null,
        TokenIds = parameters.TokenIds ? [.. tokens.Select(token => token.Token)] : null,
        SamplingLogprobs = parameters.TokenIds ? [.. tokens.Select(token => token.SamplingLogProb)] : null,
    };
}
