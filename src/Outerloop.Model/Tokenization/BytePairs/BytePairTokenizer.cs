using System.Collections.Frozen;
using System.Runtime.InteropServices;
using System.Text;

namespace Outerloop.Model.Tokenization.BytePairs;

/// <summary>
/// Byte-level byte-pair encoding as Qwen and GPT-2 use it: a text is cut at added tokens, normalised, cut into words, and
/// the bytes of each word are merged by rank. Every text has tokens, since every byte does; decoding gives the text
/// back in its normalization. A surrogate that stands alone is no text and is read as U+FFFD. Threads may share it.
/// </summary>
public sealed class BytePairTokenizer : ITokenizer
{
    private readonly BytePairVocabulary _vocabulary;
    private readonly Dictionary<string, int> _ids;
    private readonly FrozenSet<int> _special;
    private readonly TextSegmenter _segmenter;
    private readonly MergeTable _merges;
    private readonly WordCache _cache = new();
    private readonly int _modelSize;

    /// <summary>By byte; negative for bytes that occur in no text.</summary>
    private readonly int[] _ofByte;

    /// <summary>By id.</summary>
    private readonly byte[][] _bytes;

    /// <exception cref="ArgumentException">A spelling occurs twice, or a byte has no token.</exception>
    internal BytePairTokenizer(BytePairVocabulary vocabulary)
    {
        _vocabulary = vocabulary;
        _ids = Number(vocabulary.Tokens);
        _modelSize = vocabulary.ModelSize;
        _special = vocabulary.Added.Where(token => token.Special).Select(token => token.Id).ToFrozenSet();
        _segmenter = new TextSegmenter(vocabulary);
        _merges = new MergeTable(vocabulary.Merges);
        _ofByte = [.. Enumerable.Range(0, 256).Select(value => _ids.GetValueOrDefault(ByteAlphabet.Letter((byte)value).ToString(), -1))];
        foreach (byte value in ByteAlphabet.BytesOfText)
        {
            if (_ofByte[value] < 0)
                throw new ArgumentException($"byte 0x{value:X2} has no token '{ByteAlphabet.Letter(value)}'", nameof(vocabulary));
        }

        var added = vocabulary.Added.Select(token => token.Id).ToHashSet();
        _bytes = [.. vocabulary.Tokens.Select((token, id) => (added.Contains(id) ? null : ByteAlphabet.Bytes(token)) ?? Encoding.UTF8.GetBytes(token))];
    }

    public int VocabularySize => _vocabulary.Tokens.Length;

    public int EndOfText => _vocabulary.EndOfText;

    public string? ChatTemplate => _vocabulary.ChatTemplate;

    internal BytePairVocabulary Vocabulary => _vocabulary;

    /// <summary>With the tokens that the file's post-processor puts around every text; Qwen's puts none.</summary>
    public int[] Encode(string text)
    {
        var ids = new List<int>(text.Length / 3 + 8);
        ids.AddRange(_vocabulary.Prefix);
        var merger = new WordMerger(_merges);
        foreach (Stretch stretch in _segmenter.Cut(text))
        {
            if (stretch.TokenId >= 0)
                ids.Add(stretch.TokenId);
            else
                EncodeWords(stretch.Text, merger, ids);
        }

        ids.AddRange(_vocabulary.Suffix);
        return [.. ids];
    }

    public string Decode(ReadOnlySpan<int> ids)
    {
        var bytes = new List<byte>(ids.Length * 4);
        foreach (int id in ids)
            bytes.AddRange(Bytes(id));
        return Encoding.UTF8.GetString(CollectionsMarshal.AsSpan(bytes));
    }

    public StreamingDecoder StartDecoding() => new Streaming(this);

    public bool TryTokenId(string token, out int id) => _ids.TryGetValue(token, out id);

    public string Token(int id) => _vocabulary.Tokens[InRange(id)];

    public bool IsSpecial(int id) => _special.Contains(id);

    public void Write(Stream stream) => BytePairWriter.Write(stream, _vocabulary);

    /// <summary>The UTF-8 bytes that a token stands for; they may begin or end within a character.</summary>
    public ReadOnlySpan<byte> Bytes(int id) => _bytes[InRange(id)];

    private static Dictionary<string, int> Number(IReadOnlyList<string> tokens)
    {
        var ids = new Dictionary<string, int>(tokens.Count);
        for (int id = 0; id < tokens.Count; id++)
        {
            if (!ids.TryAdd(tokens[id], id))
                throw new ArgumentException($"token '{tokens[id]}' has two ids, {ids[tokens[id]]} and {id}", nameof(tokens));
        }

        return ids;
    }

    private int InRange(int id) => (uint)id < (uint)VocabularySize
        ? id
        : throw new ArgumentOutOfRangeException(nameof(id), id, $"token ids run from 0 to {VocabularySize - 1}");

    private void EncodeWords(ReadOnlySpan<char> text, WordMerger merger, List<int> ids)
    {
        for (int start = 0; start < text.Length;)
        {
            int end = _vocabulary.Pattern.WordEnd(text, start);
            ReadOnlySpan<char> word = text[start..end];
            start = end;
            if (_cache.Find(word) is { } known)
            {
                ids.AddRange(known);
                continue;
            }

            int[] tokens = EncodeWord(word, merger);
            _cache.Add(word, tokens);
            ids.AddRange(tokens);
        }
    }

    private int[] EncodeWord(ReadOnlySpan<char> word, WordMerger merger)
    {
        byte[] bytes = new byte[Encoding.UTF8.GetByteCount(word)];
        Encoding.UTF8.GetBytes(word, bytes);
        if (_vocabulary.IgnoresMerges && _ids.TryGetValue(ByteAlphabet.Spell(bytes), out int whole) && whole < _modelSize)
            return [whole];
        int[] tokens = Array.ConvertAll(bytes, value => _ofByte[value]);
        return tokens[..merger.Merge(tokens)];
    }

    private sealed class Streaming(BytePairTokenizer tokenizer) : StreamingDecoder
    {
        private readonly System.Text.Decoder _utf8 = Encoding.UTF8.GetDecoder();

        public override string Append(int id) => Decode(tokenizer.Bytes(id), flush: false);

        public override string Finish() => Decode([], flush: true);

        private string Decode(ReadOnlySpan<byte> bytes, bool flush)
        {
            char[] characters = new char[_utf8.GetCharCount(bytes, flush)];
            _utf8.GetChars(bytes, characters, flush);
            return new string(characters);
        }
    }
}
