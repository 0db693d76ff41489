using System.Collections.Immutable;
using System.Text.Json;
using Outerloop.Model.Checkpoints;
using Outerloop.Model.Tokenization.BytePairs;

namespace Outerloop.Model.Tokenization;

/// <summary>The <c>tokenizer.json</c> that <see cref="WordTokenizer"/> writes.</summary>
internal static class WordLevelReader
{
    /// <exception cref="CheckpointException">The file is malformed or of another kind.</exception>
    /// <exception cref="ArgumentException">The tokens make no tokenizer.</exception>
    public static WordTokenizer Read(JsonFile file, JsonElement model)
    {
        RequirePipeline(file);
        ImmutableArray<AddedToken> added = TokenList.ReadAdded(file);
        ImmutableArray<string> tokens = TokenList.Read(file, model, added);
        return new WordTokenizer(tokens, [.. added.Select(token => token.Id).Distinct().Order()]);
    }

    private static void RequirePipeline(JsonFile file)
    {
        JsonElement split = file.Required(file.Root, "", "pre_tokenizer", JsonValueKind.Object);
        string type = file.Text(file.Required(split, "pre_tokenizer", "type", JsonValueKind.String), "pre_tokenizer.type");
        const string unsupported = "only WhitespaceSplit goes with a WordLevel model";
        if (type != "WhitespaceSplit")
            throw file.Wrong("pre_tokenizer.type", $"is '{type}'", unsupported);
        foreach (string part in (string[])["normalizer", "post_processor"])
        {
            if (JsonFile.Optional(file.Root, part) is not null)
                throw file.Wrong(part, "is set", unsupported);
        }
    }
}
