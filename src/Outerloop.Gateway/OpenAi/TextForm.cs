using System.Text.Json;
using Outerloop.Gateway.Models;

namespace Outerloop.Gateway.OpenAi;

/// <summary><c>/v1/completions</c>: the model continues a text, or token ids, as they are.</summary>
internal sealed class TextForm : AnswerForm
{
    /// <summary>OpenAI's own, where a request does not say.</summary>
    private const int UsualTokens = 16;

    public override string Path => "completions";

    public override string Operation => "text_completion";

    public override string IdPrefix => "cmpl-";

    public override string Whole => "text_completion";

    public override string Chunk => "text_completion";

    public override SamplingParameters Parameters(RequestBody body)
    {
        int? alternatives = body.Whole("logprobs", 0, int.MaxValue);
        if (alternatives > 0)
            throw ApiException.Unsupported("logprobs", "only 0 is supported: the tokens' own log-probabilities, without alternatives");
        SamplingParameters read = SamplingParameters.Read(body, alternatives is not null);
        return read with { MaxTokens = read.MaxTokens ?? UsualTokens };
    }

    public override Question Ask(RequestBody body, LiveModel model)
    {
        JsonElement prompt = body.Member("prompt") ?? throw ApiException.Wrong("prompt", "is missing");
        return new Question(
            prompt.ValueKind == JsonValueKind.Array
                ? [.. prompt.EnumerateArray().Select(token => TokenOf(token, model))]
                : model.Tokenizer.Encode(RequestBody.TextOf(prompt, "prompt")),
            Task: null);
    }

    protected override ChoiceBody Said(ChoiceBody choice, string text) => choice with { Text = text };

    protected override ChoiceBody SaidInPart(ChoiceBody choice, string text, bool first) => choice with { Text = text };

    protected override object LogProbs(IEnumerable<(string Text, float LogProb)> tokens)
    {
        (string Text, float LogProb)[] all = [.. tokens];
        return new TextLogProbs([.. all.Select(token => token.Text)], [.. all.Select(token => token.LogProb)]);
    }

    private static int TokenOf(JsonElement token, LiveModel model) =>
        token.ValueKind == JsonValueKind.Number && token.TryGetInt32(out int id) && id >= 0 && id < model.Vocabulary
            ? id
            : throw ApiException.Wrong("prompt", $"must be a string, or an array of token ids between 0 and {model.Vocabulary - 1}");
}
