namespace Outerloop.Model.Tokenization.BytePairs;

/// <summary>
/// Merges a word's tokens: of all neighbours the pair of the lowest rank, the leftmost of equals, until no pair is left that
/// merges. The tokens form a linked list and the candidates a heap, so that a word of n bytes takes n log n steps. Holds
/// working memory: one at a time may use it.
/// </summary>
internal sealed class WordMerger(MergeTable merges)
{
    private const int None = -1;

    /// <summary>Candidates: rank in the high half, position of the left token in the low half.</summary>
    private readonly PriorityQueue<int, ulong> _candidates = new();
    private int[] _tokens = [];
    private int[] _next = [];
    private int[] _previous = [];

    /// <summary>Rank of the pair that a position begins now; candidates of other ranks are out of date.</summary>
    private int[] _ranks = [];

    /// <summary>Replaces the tokens by what they merge to.</summary>
    /// <returns>How many remain, at the front.</returns>
    public int Merge(Span<int> word)
    {
        Load(word);
        while (_candidates.TryDequeue(out int position, out ulong priority))
        {
            if (_ranks[position] == (int)(priority >> 32))
                MergeAt(position);
        }

        int count = 0;
        for (int position = word.Length == 0 ? None : 0; position != None; position = _next[position])
            word[count++] = _tokens[position];
        return count;
    }

    private void Load(Span<int> word)
    {
        if (_tokens.Length < word.Length)
        {
            int capacity = int.Max(64, word.Length * 2);
            (_tokens, _next, _previous, _ranks) = (new int[capacity], new int[capacity], new int[capacity], new int[capacity]);
        }

        word.CopyTo(_tokens);
        for (int i = 0; i < word.Length; i++)
        {
            _previous[i] = i - 1;
            _next[i] = i + 1 < word.Length ? i + 1 : None;
        }

        for (int i = 0; i < word.Length; i++)
            Rank(i);
    }

    private void MergeAt(int position)
    {
        int gone = _next[position];
        _tokens[position] = merges.Product(_ranks[position]);
        _ranks[gone] = int.MaxValue;
        _next[position] = _next[gone];
        if (_next[gone] != None)
            _previous[_next[gone]] = position;
        Rank(position);
        if (_previous[position] != None)
            Rank(_previous[position]);
    }

    private void Rank(int position)
    {
        int next = _next[position];
        int rank = next == None ? int.MaxValue : merges.Rank(_tokens[position], _tokens[next]);
        _ranks[position] = rank;
        if (rank != int.MaxValue)
            _candidates.Enqueue(position, (ulong)(uint)rank << 32 | (uint)position);
    }
}
