namespace Outerloop.Model.Tokenization;

/// <summary>
/// Text to token ids and back. Ids run from 0 to <see cref="VocabularySize"/> - 1. Special tokens mark structure (the end of
/// a text, the turns of a conversation); their spelling in a text is read as the token.
/// </summary>
public interface ITokenizer
{
    int VocabularySize { get; }

    /// <summary>The id that ends a text and fills up short rows.</summary>
    int EndOfText { get; }

    /// <exception cref="UnknownTokenException">The text holds something that has no token.</exception>
    int[] Encode(string text);

    string Decode(ReadOnlySpan<int> ids);

    /// <summary>For a text that is shown while it is sampled; one decoder per text.</summary>
    StreamingDecoder StartDecoding();

    bool TryTokenId(string token, out int id);

    /// <summary>The spelling of a token, as the vocabulary has it.</summary>
    string Token(int id);

    bool IsSpecial(int id);

    /// <summary>
    /// The template of conversations (Jinja) that came with the tokenizer in <c>tokenizer_config.json</c>, kept for writing
    /// it again; <see cref="Chat.ChatTemplate"/> says what it means here.
    /// </summary>
    string? ChatTemplate => null;

    /// <summary>Writes <c>tokenizer.json</c> as Hugging Face's tokenizers library reads it.</summary>
    void Write(Stream stream);

    /// <exception cref="UnknownTokenException">There is no such token.</exception>
    int TokenId(string token) => TryTokenId(token, out int id) ? id : throw new UnknownTokenException(token, -1);
}

/// <summary>A text holds a word without a token.</summary>
public sealed class UnknownTokenException : Exception
{
    /// <param name="word">The word without a token.</param>
    /// <param name="position">Index of the word's first character in the text; negative where there is no text.</param>
    public UnknownTokenException(string word, int position)
        : base(position < 0 ? $"'{word}' is not in the vocabulary" : $"'{word}' at character {position} is not in the vocabulary")
    {
        Word = word;
        Position = position;
    }

    public string Word { get; }

    public int Position { get; }
}
