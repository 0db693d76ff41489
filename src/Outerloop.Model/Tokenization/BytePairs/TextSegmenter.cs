using System.Text;
using Outerloop.Model.Tokenization.Unicode;

namespace Outerloop.Model.Tokenization.BytePairs;

/// <summary>
/// Cuts a text at the added tokens and normalises what lies between: first at the tokens that stand in the text as it is,
/// then at those that stand in the normalised text. A surrogate that stands alone is no text and becomes U+FFFD.
/// </summary>
internal sealed class TextSegmenter
{
    private readonly bool _composes;
    private readonly AddedTokenFinder _raw;
    private readonly AddedTokenFinder _normalized;

    public TextSegmenter(BytePairVocabulary vocabulary)
    {
        _composes = vocabulary.Composes;
        _raw = new AddedTokenFinder(vocabulary.Added.Where(token => !token.Normalized), content => content);
        _normalized = new AddedTokenFinder(vocabulary.Added.Where(token => token.Normalized), Normalize);
    }

    public IEnumerable<Stretch> Cut(string text) =>
        _raw.Split(WithoutLoneSurrogates(text)).SelectMany(stretch => stretch.TokenId >= 0 ? [stretch] : _normalized.Split(Normalize(stretch.Text)));

    private static string WithoutLoneSurrogates(string text)
    {
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (rune == Rune.ReplacementChar)
                return string.Concat(text.EnumerateRunes());
        }

        return text;
    }

    private string Normalize(string text) => _composes ? CanonicalComposition.Compose(text) : text;
}
