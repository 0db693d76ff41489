using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Outerloop.Model.Tokenization.BytePairs;

/// <summary>
/// Turns the most frequent pair of neighbours in all words into a token, again and again; of equally frequent pairs the
/// one with the lowest ids. Only the words that hold the pair are touched.
/// </summary>
internal sealed class MergeLearner
{
    /// <summary>A pair met once says nothing about other texts.</summary>
    private const int LeastFrequent = 2;

    private readonly List<string> _tokens;
    private readonly Dictionary<string, int> _ids;
    private readonly ImmutableArray<Merge>.Builder _merges = ImmutableArray.CreateBuilder<Merge>();
    private readonly List<TrainingWord> _words = [];
    private readonly Dictionary<TokenPair, PairOccurrences> _pairs = [];

    /// <summary>Pairs, the most frequent first. An entry whose count is not the pair's any more is out of date.</summary>
    private readonly PriorityQueue<(TokenPair Pair, long Count), (long Rarity, int Left, int Right)> _candidates = new();
    private readonly HashSet<TokenPair> _changed = [];

    /// <param name="letters">The tokens to begin with, of one character each.</param>
    public MergeLearner(ImmutableArray<string> letters)
    {
        _tokens = [.. letters];
        _ids = letters.Index().ToDictionary(token => token.Item, token => token.Index);
    }

    public ImmutableArray<string> Tokens => [.. _tokens];

    public ImmutableArray<Merge> Merges => _merges.ToImmutable();

    /// <param name="word">In letters.</param>
    /// <param name="count">How often it occurs.</param>
    public void Add(string word, long count)
    {
        var added = new TrainingWord([.. word.Select(letter => _ids[letter.ToString()])], count);
        _words.Add(added);
        for (int i = 0; i + 1 < added.Tokens.Length; i++)
            Change(added.Tokens[i], added.Tokens[i + 1], count, _words.Count - 1);
    }

    /// <summary>Merges until there are so many tokens, or no pair is frequent enough.</summary>
    public void Learn(int size)
    {
        OfferChanged();
        while (_tokens.Count < size && _candidates.TryDequeue(out (TokenPair Pair, long Count) best, out _))
        {
            if (!_pairs.TryGetValue(best.Pair, out PairOccurrences? occurrences) || occurrences.Count != best.Count)
                continue;
            int product = Product(best.Pair);
            _merges.Add(new Merge(best.Pair, product));
            foreach (int word in occurrences.Words)
                MergeIn(word, best.Pair, product);
            _pairs.Remove(best.Pair);
            OfferChanged();
        }
    }

    /// <summary>Another pair may have made the same token before.</summary>
    private int Product(TokenPair pair)
    {
        string spelling = _tokens[pair.Left] + _tokens[pair.Right];
        if (_ids.TryAdd(spelling, _tokens.Count))
            _tokens.Add(spelling);
        return _ids[spelling];
    }

    private void MergeIn(int wordIndex, TokenPair pair, int product)
    {
        TrainingWord word = _words[wordIndex];
        Span<int> tokens = word.Tokens;
        int written = 0;
        for (int i = 0; i < tokens.Length; i++, written++)
        {
            if (i + 1 == tokens.Length || tokens[i] != pair.Left || tokens[i + 1] != pair.Right)
            {
                tokens[written] = tokens[i];
                continue;
            }

            if (written > 0)
                Replace(tokens[written - 1], pair.Left, tokens[written - 1], product);
            if (i + 2 < tokens.Length)
                Replace(pair.Right, tokens[i + 2], product, tokens[i + 2]);
            tokens[written] = product;
            i++;
        }

        word.Tokens = word.Tokens[..written];

        void Replace(int left, int right, int newLeft, int newRight)
        {
            Change(left, right, -word.Count, wordIndex);
            Change(newLeft, newRight, word.Count, wordIndex);
        }
    }

    private void Change(int left, int right, long by, int word)
    {
        var pair = new TokenPair(left, right);
        ref PairOccurrences? occurrences = ref CollectionsMarshal.GetValueRefOrAddDefault(_pairs, pair, out _);
        occurrences ??= new PairOccurrences();
        occurrences.Count += by;
        if (by > 0)
            occurrences.Words.Add(word);
        _changed.Add(pair);
    }

    private void OfferChanged()
    {
        foreach (TokenPair pair in _changed)
        {
            if (_pairs.TryGetValue(pair, out PairOccurrences? occurrences) && occurrences.Count >= LeastFrequent)
                _candidates.Enqueue((pair, occurrences.Count), (-occurrences.Count, pair.Left, pair.Right));
        }

        _changed.Clear();
    }

    private sealed class TrainingWord(int[] tokens, long count)
    {
        public int[] Tokens { get; set; } = tokens;

        public long Count => count;
    }

    private sealed class PairOccurrences
    {
        /// <summary>In all texts.</summary>
        public long Count { get; set; }

        /// <summary>Words that hold the pair, or held it.</summary>
        public HashSet<int> Words { get; } = [];
    }
}
