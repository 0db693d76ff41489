using System.Collections.Immutable;

namespace Outerloop.Model.Tokenization.BytePairs;

/// <summary>All that a byte-level byte-pair tokenizer is made of: the content of its <c>tokenizer.json</c>.</summary>
internal sealed record BytePairVocabulary
{
    /// <summary>By id: words in the byte alphabet, added tokens as they are. Each spelling occurs once.</summary>
    public required ImmutableArray<string> Tokens { get; init; }

    /// <summary>By rank.</summary>
    public required ImmutableArray<Merge> Merges { get; init; }

    public required ImmutableArray<AddedToken> Added { get; init; }

    public required WordPattern Pattern { get; init; }

    /// <summary>The token that ends a text.</summary>
    public required int EndOfText { get; init; }

    /// <summary>Whether texts are brought to normalization form C.</summary>
    public bool Composes { get; init; } = true;

    /// <summary>Whether a word that is itself a token is that token, whatever the merges make of it.</summary>
    public bool IgnoresMerges { get; init; }

    /// <summary>Put before every text.</summary>
    public ImmutableArray<int> Prefix { get; init; } = [];

    /// <summary>Put after every text.</summary>
    public ImmutableArray<int> Suffix { get; init; } = [];

    /// <summary>As it came in <c>tokenizer_config.json</c>.</summary>
    public string? ChatTemplate { get; init; }

    /// <summary>Ids below this are the model's vocabulary; the rest are added tokens that only <c>added_tokens</c> lists.</summary>
    public int ModelSize
    {
        get
        {
            var added = Added.Select(token => token.Id).ToHashSet();
            int size = Tokens.Length;
            while (size > 0 && added.Contains(size - 1))
                size--;
            return size;
        }
    }
}
