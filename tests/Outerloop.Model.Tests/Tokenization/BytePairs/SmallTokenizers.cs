using System.Collections.Immutable;
using System.Text;
using Outerloop.Model.Checkpoints;
using Outerloop.Model.Tokenization;
using Outerloop.Model.Tokenization.BytePairs;

namespace Outerloop.Model.Tests.Tokenization.BytePairs;

internal static class SmallTokenizers
{
    private static readonly string[] Texts =
    [
        "the cat sat on the mat, and the other cat's hat sat there too\n\n",
        "The theory of the thing: it's what they'll think that they've thought.\r\n  Then 1234 and 567.",
        "größer, größte, Größe; naïve café; 한글 한국 한글; 語の語と語; привет, привет",
        "\U0001F600\U0001F600 \U0001D400\U0001D401\U0001D400\U0001D401",
        "aaaa aaaa aaaaaaaa abababab",
    ];

    /// <summary>Learnt from a few lines; every merge that they hold twice.</summary>
    public static BytePairTokenizer Trained { get; } =
        BytePairTrainer.Train(Texts, 2000, [WordTokenizer.EndOfTextToken, "<|im_start|>", "<|im_end|>"]);

    /// <summary>The trained one with further added tokens, numbered on, and changed at will.</summary>
    public static BytePairTokenizer With(IReadOnlyList<AddedToken> added, Func<BytePairVocabulary, BytePairVocabulary>? change = null)
    {
        BytePairVocabulary trained = Trained.Vocabulary;
        ImmutableArray<AddedToken> numbered = [.. added.Select((token, index) => token with { Id = trained.Tokens.Length + index })];
        BytePairVocabulary vocabulary = trained with
        {
            Tokens = [.. trained.Tokens, .. numbered.Select(token => token.Content)],
            Added = [.. trained.Added, .. numbered],
        };
        return new BytePairTokenizer(change is null ? vocabulary : change(vocabulary));
    }

    public static byte[] Bytes(ITokenizer tokenizer)
    {
        using var stream = new MemoryStream();
        tokenizer.Write(stream);
        return stream.ToArray();
    }

    public static ITokenizer Read(byte[] json, TokenizerConfig? config = null)
    {
        using JsonFile file = JsonFile.Parse("tokenizer.json", json);
        return TokenizerJson.Read(file, config);
    }

    public static ITokenizer Read(string json, TokenizerConfig? config = null) => Read(Encoding.UTF8.GetBytes(json), config);
}
