namespace Outerloop.Model.Tokenization;

/// <summary>
/// Decodes a text as its tokens arrive. What <see cref="Append"/> and <see cref="Finish"/> return, joined, is what
/// <see cref="ITokenizer.Decode"/> makes of all tokens at once.
/// </summary>
public abstract class StreamingDecoder
{
    /// <returns>
    /// The text that is certain with this token. It may be empty: a token may end within a character, whose beginning is
    /// held back.
    /// </returns>
    public abstract string Append(int id);

    /// <summary>What was held back; a character that stayed incomplete comes out as U+FFFD.</summary>
    public abstract string Finish();
}
