using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.Json;

namespace Outerloop.Model.Tokenization;

/// <summary>
/// A token per whitespace-separated word of a fixed vocabulary. A special token is found anywhere in the text, also
/// inside a word, as Hugging Face's tokenizers do. Decoding joins with single spaces, so that it undoes encoding up to
/// the width of white space.
/// </summary>
public sealed class WordTokenizer : ITokenizer
{
    public const string EndOfTextToken = "<|endoftext|>";

    private readonly ImmutableArray<string> _tokens;
    private readonly FrozenDictionary<string, int> _ids;
    private readonly FrozenSet<int> _special;
    private readonly ImmutableArray<int> _specialLongestFirst;

    /// <summary>Ids in the order given: <see cref="EndOfTextToken"/>, the other special tokens, the words.</summary>
    public WordTokenizer(IEnumerable<string> words, IEnumerable<string>? specialTokens = null)
        : this(Concatenate(words, specialTokens, out int special), [.. Enumerable.Range(0, special)])
    {
    }

    /// <param name="tokens">By id.</param>
    /// <param name="special">Ids of the special tokens, <see cref="EndOfTextToken"/> among them.</param>
    internal WordTokenizer(ImmutableArray<string> tokens, ImmutableArray<int> special)
    {
        _tokens = tokens;
        _special = special.ToFrozenSet();
        _specialLongestFirst = [.. special.OrderByDescending(id => tokens[id].Length).ThenBy(id => id)];
        foreach (string token in tokens)
            RequireWord(token);
        if (tokens.GroupBy(token => token).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new ArgumentException($"token '{twice.Key}' occurs twice", nameof(tokens));
        _ids = tokens.Select((token, id) => (token, id)).ToFrozenDictionary(pair => pair.token, pair => pair.id);
        EndOfText = _ids.TryGetValue(EndOfTextToken, out int end) && _special.Contains(end)
            ? end
            : throw new ArgumentException($"there is no special token {EndOfTextToken}", nameof(tokens));
        RequireReachableWords(tokens, _special);
    }

    public int VocabularySize => _tokens.Length;

    public int EndOfText { get; }

    /// <summary>By id.</summary>
    public ImmutableArray<string> Tokens => _tokens;

    public int[] Encode(string text) =>
        TryEncode(text, out int[] ids, out int unknownAt, out string unknown) ? ids : throw new UnknownTokenException(unknown, unknownAt);

    /// <summary>False where a word is not in the vocabulary.</summary>
    public bool TryEncode(string text, out int[] ids) => TryEncode(text, out ids, out _, out _);

    public string Decode(ReadOnlySpan<int> ids)
    {
        string[] words = new string[ids.Length];
        for (int i = 0; i < ids.Length; i++)
            words[i] = Token(ids[i]);
        return string.Join(' ', words);
    }

    public StreamingDecoder StartDecoding() => new Streaming(this);

    public bool TryTokenId(string token, out int id) => _ids.TryGetValue(token, out id);

    public string Token(int id) => (uint)id < (uint)_tokens.Length
        ? _tokens[id]
        : throw new ArgumentOutOfRangeException(nameof(id), id, $"token ids run from 0 to {_tokens.Length - 1}");

    public bool IsSpecial(int id) => _special.Contains(id);

    public void Write(Stream stream)
    {
        using var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true, NewLine = "\n" });
        json.WriteStartObject();
        json.WriteString("version", "1.0");
        json.WriteNull("truncation");
        json.WriteNull("padding");
        WriteAddedTokens(json);
        json.WriteNull("normalizer");
        json.WriteStartObject("pre_tokenizer");
        json.WriteString("type", "WhitespaceSplit");
        json.WriteEndObject();
        json.WriteNull("post_processor");
        json.WriteNull("decoder");
        WriteModel(json);
        json.WriteEndObject();
    }

    private static ImmutableArray<string> Concatenate(IEnumerable<string> words, IEnumerable<string>? special, out int count)
    {
        ImmutableArray<string> first = [EndOfTextToken, .. special ?? []];
        count = first.Length;
        return [.. first, .. words];
    }

    private static void RequireWord(string token)
    {
        if (token.Length == 0 || token.Any(char.IsWhiteSpace))
            throw new ArgumentException($"token '{token}' is empty or holds white space", nameof(token));
    }

    /// <summary>A word that holds a special token's spelling would never be read.</summary>
    private static void RequireReachableWords(ImmutableArray<string> tokens, FrozenSet<int> specials)
    {
        for (int id = 0; id < tokens.Length; id++)
        {
            foreach (int special in specials)
            {
                if (!specials.Contains(id) && tokens[id].Contains(tokens[special], StringComparison.Ordinal))
                    throw new ArgumentException($"token '{tokens[id]}' holds the special token '{tokens[special]}'", nameof(tokens));
            }
        }
    }

    private bool TryEncode(string text, out int[] ids, out int unknownAt, out string unknown)
    {
        var found = new List<int>();
        for (int at = 0; at < text.Length;)
        {
            if (char.IsWhiteSpace(text[at]))
            {
                at++;
                continue;
            }

            int end = WordEnd(text, at, out int id);
            if (id < 0 && !_ids.TryGetValue(text[at..end], out id))
            {
                (ids, unknownAt, unknown) = ([], at, text[at..end]);
                return false;
            }

            found.Add(id);
            at = end;
        }

        (ids, unknownAt, unknown) = ([.. found], -1, "");
        return true;
    }

    /// <summary>The end of the word, or of the special token (then with its id), that begins at a position.</summary>
    private int WordEnd(string text, int start, out int specialId)
    {
        specialId = SpecialAt(text, start);
        if (specialId >= 0)
            return start + _tokens[specialId].Length;
        int end = start + 1;
        while (end < text.Length && !char.IsWhiteSpace(text[end]) && SpecialAt(text, end) < 0)
            end++;
        return end;
    }

    private int SpecialAt(string text, int at)
    {
        foreach (int id in _specialLongestFirst)
        {
            if (string.CompareOrdinal(text, at, _tokens[id], 0, _tokens[id].Length) == 0)
                return id;
        }

        return -1;
    }

    private void WriteAddedTokens(Utf8JsonWriter json)
    {
        json.WriteStartArray("added_tokens");
        foreach (int id in _special.Order())
        {
            json.WriteStartObject();
            json.WriteNumber("id", id);
            json.WriteString("content", _tokens[id]);
            foreach (string flag in (string[])["single_word", "lstrip", "rstrip", "normalized"])
                json.WriteBoolean(flag, false);
            json.WriteBoolean("special", true);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private void WriteModel(Utf8JsonWriter json)
    {
        json.WriteStartObject("model");
        json.WriteString("type", "WordLevel");
        json.WriteStartObject("vocab");
        for (int id = 0; id < _tokens.Length; id++)
            json.WriteNumber(_tokens[id], id);
        json.WriteEndObject();
        // The format wants a name here; as no such token exists, an unknown word is an error there too.
        json.WriteString("unk_token", "<unk>");
        json.WriteEndObject();
    }

    private sealed class Streaming(WordTokenizer tokenizer) : StreamingDecoder
    {
        private bool _begun;

        public override string Append(int id)
        {
            string text = _begun ? $" {tokenizer.Token(id)}" : tokenizer.Token(id);
            _begun = true;
            return text;
        }

        public override string Finish() => "";
    }
}
