using System.Collections.Immutable;
using System.Text.Json;
using Outerloop.Model.Checkpoints;

namespace Outerloop.Model.Tokenization.BytePairs;

/// <summary>The <c>tokenizer.json</c> of a byte-level byte-pair tokenizer.</summary>
internal static class BytePairReader
{
    /// <exception cref="CheckpointException">The file is malformed or asks for what is not built here.</exception>
    /// <exception cref="ArgumentException">The tokens make no tokenizer.</exception>
    public static BytePairTokenizer Read(JsonFile file, JsonElement model, TokenizerConfig config)
    {
        RequirePlainModel(file, model);
        ImmutableArray<AddedToken> added = TokenList.ReadAdded(file);
        ImmutableArray<string> tokens = TokenList.Read(file, model, added);
        Dictionary<string, int> ids = Number(file, tokens);
        var pipeline = BytePairPipeline.Read(file, tokens.Length);
        return new BytePairTokenizer(new BytePairVocabulary
        {
            Tokens = tokens,
            Merges = ReadMerges(file, model, ids),
            Added = added,
            Pattern = pipeline.Pattern,
            Composes = pipeline.Composes,
            Prefix = pipeline.Prefix,
            Suffix = pipeline.Suffix,
            IgnoresMerges = TokenList.Flag(file, model, "model", "ignore_merges"),
            EndOfText = EndOfText(file, ids, config),
            ChatTemplate = config.ChatTemplate,
        });
    }

    /// <summary>What other byte-pair models do, and this one does not.</summary>
    private static void RequirePlainModel(JsonFile file, JsonElement model)
    {
        if (TokenList.Flag(file, model, "model", "byte_fallback"))
            throw file.Wrong("model.byte_fallback", "is true", "only byte-level models can be read");
        foreach (string affix in (string[])["continuing_subword_prefix", "end_of_word_suffix"])
        {
            if (JsonFile.Optional(model, affix) is { } text && file.Text(text, $"model.{affix}").Length > 0)
                throw file.Wrong($"model.{affix}", "is set", "only byte-level models can be read");
        }

        if (JsonFile.Optional(model, "dropout") is { } dropout && !(dropout.ValueKind == JsonValueKind.Number && dropout.GetDouble() == 0))
            throw file.Wrong("model.dropout", "is set", "remove it: the same text gets the same tokens here");
    }

    private static Dictionary<string, int> Number(JsonFile file, ImmutableArray<string> tokens)
    {
        var ids = new Dictionary<string, int>(tokens.Length);
        for (int id = 0; id < tokens.Length; id++)
        {
            if (!ids.TryAdd(tokens[id], id))
                throw file.Wrong("added_tokens", $"'{tokens[id]}' has two ids, {ids[tokens[id]]} and {id}");
        }

        return ids;
    }

    private static ImmutableArray<Merge> ReadMerges(JsonFile file, JsonElement model, Dictionary<string, int> ids)
    {
        JsonElement list = file.Required(model, "model", "merges", JsonValueKind.Array);
        var merges = ImmutableArray.CreateBuilder<Merge>(list.GetArrayLength());
        var ranks = new Dictionary<TokenPair, int>(list.GetArrayLength());
        foreach (JsonElement entry in list.EnumerateArray())
        {
            string place = $"model.merges[{merges.Count}]";
            (string left, string right) = ReadPair(file, entry, place);
            var pair = new TokenPair(Id(file, ids, left, place), Id(file, ids, right, place));
            if (!ranks.TryAdd(pair, merges.Count))
                throw file.Wrong(place, $"merges '{left}' and '{right}' as model.merges[{ranks[pair]}] does");
            merges.Add(new Merge(pair, Id(file, ids, left + right, place)));
        }

        return merges.ToImmutable();
    }

    /// <summary><c>"a b"</c> or <c>["a", "b"]</c>.</summary>
    private static (string Left, string Right) ReadPair(JsonFile file, JsonElement entry, string place)
    {
        string[] parts = entry.ValueKind == JsonValueKind.Array
            ? [.. entry.EnumerateArray().Select(part => file.Text(part, place))]
            : file.Text(entry, place).Split(' ');
        return parts is [{ Length: > 0 } left, { Length: > 0 } right] ? (left, right) : throw file.Wrong(place, "is not a pair of tokens");
    }

    private static int Id(JsonFile file, Dictionary<string, int> ids, string token, string place) =>
        ids.TryGetValue(token, out int id) ? id : throw file.Wrong(place, $"'{token}' is not in the vocabulary");

    private static int EndOfText(JsonFile file, Dictionary<string, int> ids, TokenizerConfig config)
    {
        string end = config.EndOfText ?? WordTokenizer.EndOfTextToken;
        return ids.TryGetValue(end, out int id)
            ? id
            : throw file.Wrong("added_tokens", $"there is no token {end}, which ends a text", $"name the one that does as eos_token in {TokenizerConfig.FileName}");
    }
}
