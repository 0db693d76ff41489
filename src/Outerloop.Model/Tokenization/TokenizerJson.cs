using System.Collections.Immutable;
using System.Text.Json;
using Outerloop.Model.Checkpoints;

namespace Outerloop.Model.Tokenization;

/// <summary>
/// Reads <c>tokenizer.json</c>. The parts that change the meaning of a text (normalizer, pre-tokenizer, post-processor,
/// model) must be the ones that are built here; anything else is refused with its place in the file.
/// </summary>
public static class TokenizerJson
{
    private const string Unsupported = "only a WordLevel model with WhitespaceSplit can be read";

    /// <exception cref="CheckpointException">The file is missing, malformed or of another kind.</exception>
    public static ITokenizer Load(string path)
    {
        using JsonFile file = JsonFile.Read(path);
        return Read(file);
    }

    internal static ITokenizer Read(JsonFile file)
    {
        JsonElement model = file.Required(file.Root, "", "model", JsonValueKind.Object);
        string type = file.Text(file.Required(model, "model", "type", JsonValueKind.String), "model.type");
        if (type != "WordLevel")
            throw file.Wrong("model.type", $"is '{type}'", Unsupported);
        RequirePipeline(file);
        string?[] tokens = ReadVocabulary(file, model);
        ImmutableArray<int> special = ReadSpecial(file, tokens);
        int gap = Array.IndexOf(tokens, null);
        if (gap >= 0)
            throw file.Wrong("model.vocab", $"no token has id {gap}");
        try
        {
            return new WordTokenizer([.. tokens!], special);
        }
        catch (ArgumentException e)
        {
            throw file.Wrong("model.vocab", e.Message);
        }
    }

    private static void RequirePipeline(JsonFile file)
    {
        JsonElement split = file.Required(file.Root, "", "pre_tokenizer", JsonValueKind.Object);
        string type = file.Text(file.Required(split, "pre_tokenizer", "type", JsonValueKind.String), "pre_tokenizer.type");
        if (type != "WhitespaceSplit")
            throw file.Wrong("pre_tokenizer.type", $"is '{type}'", Unsupported);
        foreach (string part in (string[])["normalizer", "post_processor"])
        {
            if (JsonFile.Optional(file.Root, part) is not null)
                throw file.Wrong(part, "is set", Unsupported);
        }
    }

    /// <summary>Tokens by id, with room for the special ones that only <c>added_tokens</c> lists.</summary>
    private static string?[] ReadVocabulary(JsonFile file, JsonElement model)
    {
        JsonElement vocabulary = file.Required(model, "model", "vocab", JsonValueKind.Object);
        int limit = vocabulary.GetPropertyCount() + (AddedTokens(file)?.GetArrayLength() ?? 0);
        var tokens = new SortedDictionary<int, string>();
        foreach (JsonProperty entry in vocabulary.EnumerateObject())
            Place(file, tokens, limit, entry.Name, entry.Value, $"model.vocab.{entry.Name}");
        foreach ((string content, JsonElement id, string place) in EnumerateAdded(file))
            Place(file, tokens, limit, content, id, place);
        string?[] byId = new string?[tokens.Count == 0 ? 0 : tokens.Keys.Max() + 1];
        foreach ((int id, string token) in tokens)
            byId[id] = token;
        return byId;
    }

    private static void Place(JsonFile file, SortedDictionary<int, string> tokens, int limit, string token, JsonElement idValue, string place)
    {
        int id = file.Integer(idValue, place);
        if (id >= limit)
            throw file.Wrong(place, $"id {id} leaves a gap: there are {limit} tokens at most");
        if (!tokens.TryAdd(id, token) && tokens[id] != token)
            throw file.Wrong(place, $"id {id} is '{tokens[id]}' already");
    }

    private static ImmutableArray<int> ReadSpecial(JsonFile file, string?[] tokens) =>
        [.. EnumerateAdded(file).Select(added => Array.IndexOf(tokens, added.Content)).Distinct().Order()];

    private static JsonElement? AddedTokens(JsonFile file) => JsonFile.Optional(file.Root, "added_tokens") is { } added
        ? added.ValueKind == JsonValueKind.Array ? added : throw file.Wrong("added_tokens", "is not a list")
        : null;

    private static IEnumerable<(string Content, JsonElement Id, string Place)> EnumerateAdded(JsonFile file)
    {
        int index = 0;
        foreach (JsonElement token in AddedTokens(file)?.EnumerateArray() ?? default)
        {
            string place = $"added_tokens[{index++}]";
            if (token.ValueKind != JsonValueKind.Object)
                throw file.Wrong(place, "is not an object");
            JsonElement content = file.Required(token, place, "content", JsonValueKind.String);
            JsonElement id = file.Required(token, place, "id", JsonValueKind.Number);
            yield return (file.Text(content, $"{place}.content"), id, $"{place}.id");
        }
    }
}
