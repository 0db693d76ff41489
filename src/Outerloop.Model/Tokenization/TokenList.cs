using System.Collections.Immutable;
using System.Text.Json;
using Outerloop.Model.Checkpoints;
using Outerloop.Model.Tokenization.BytePairs;

namespace Outerloop.Model.Tokenization;

/// <summary>The tokens of a <c>tokenizer.json</c>: <c>model.vocab</c>, and <c>added_tokens</c>, which may repeat some of it.</summary>
internal static class TokenList
{
    /// <summary>By id, without gaps.</summary>
    public static ImmutableArray<string> Read(JsonFile file, JsonElement model, ImmutableArray<AddedToken> added)
    {
        JsonElement vocabulary = file.Required(model, "model", "vocab", JsonValueKind.Object);
        string?[] byId = new string?[vocabulary.GetPropertyCount() + added.Length];
        int count = 0;
        foreach (JsonProperty entry in vocabulary.EnumerateObject())
        {
            string place = $"model.vocab.{entry.Name}";
            count += Place(file, byId, entry.Name, file.Integer(entry.Value, place), place);
        }

        foreach ((int index, AddedToken token) in added.Index())
            count += Place(file, byId, token.Content, token.Id, $"added_tokens[{index}].id");
        int gap = Array.IndexOf(byId, null);
        return gap < 0 || gap == count
            ? [.. byId.AsSpan(0, count)!]
            : throw file.Wrong("model.vocab", $"no token has id {gap}");
    }

    public static ImmutableArray<AddedToken> ReadAdded(JsonFile file)
    {
        if (JsonFile.Optional(file.Root, "added_tokens") is not { } added)
            return [];
        return added.ValueKind == JsonValueKind.Array
            ? [.. added.EnumerateArray().Select((token, index) => ReadAdded(file, token, $"added_tokens[{index}]"))]
            : throw file.Wrong("added_tokens", "is not a list");
    }

    private static AddedToken ReadAdded(JsonFile file, JsonElement token, string place)
    {
        if (token.ValueKind != JsonValueKind.Object)
            throw file.Wrong(place, "is not an object");
        string content = file.Text(file.Required(token, place, "content", JsonValueKind.String), $"{place}.content");
        int id = file.Integer(file.Required(token, place, "id", JsonValueKind.Number), $"{place}.id");
        return new AddedToken(id, content.Length > 0 ? content : throw file.Wrong($"{place}.content", "is empty"))
        {
            Special = Flag(file, token, place, "special"),
            SingleWord = Flag(file, token, place, "single_word"),
            StripsLeft = Flag(file, token, place, "lstrip"),
            StripsRight = Flag(file, token, place, "rstrip"),
            Normalized = Flag(file, token, place, "normalized"),
        };
    }

    /// <summary>False where it is absent.</summary>
    public static bool Flag(JsonFile file, JsonElement parent, string place, string name) => JsonFile.Optional(parent, name)?.ValueKind switch
    {
        null or JsonValueKind.False => false,
        JsonValueKind.True => true,
        _ => throw file.Wrong(JsonFile.Join(place, name), "is neither true nor false"),
    };

    /// <returns>How many tokens are new.</returns>
    private static int Place(JsonFile file, string?[] byId, string token, int id, string place)
    {
        if (id >= byId.Length)
            throw file.Wrong(place, $"id {id} leaves a gap: there are {byId.Length} tokens at most");
        if (byId[id] is { } other && other != token)
            throw file.Wrong(place, $"id {id} is '{other}' already");
        int added = byId[id] is null ? 1 : 0;
        byId[id] = token;
        return added;
    }
}
