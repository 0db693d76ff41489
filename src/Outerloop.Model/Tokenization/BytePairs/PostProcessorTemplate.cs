using System.Text.Json;
using Outerloop.Model.Checkpoints;

namespace Outerloop.Model.Tokenization.BytePairs;

/// <summary>
/// <c>TemplateProcessing</c>: special tokens around the text, such as one that begins every text. Only the template of a
/// single text counts; pairs of texts are for classifiers.
/// </summary>
internal static class PostProcessorTemplate
{
    public static (List<int> Before, List<int> After) Read(JsonFile file, JsonElement step, string place, int vocabulary)
    {
        List<int> before = [], after = [];
        bool seen = false;
        foreach ((int index, JsonElement piece) in file.Required(step, place, "single", JsonValueKind.Array).EnumerateArray().Index())
        {
            string at = $"{place}.single[{index}]";
            if (piece.ValueKind != JsonValueKind.Object)
                throw file.Wrong(at, "is not an object");
            if (JsonFile.Optional(piece, "Sequence") is null)
                (seen ? after : before).AddRange(ReadIds(file, step, place, piece, at, vocabulary));
            else if (seen)
                throw file.Wrong(at, "repeats the text");
            else
                seen = true;
        }

        return seen ? (before, after) : throw file.Wrong($"{place}.single", "leaves the text out");
    }

    private static IEnumerable<int> ReadIds(JsonFile file, JsonElement step, string place, JsonElement piece, string at, int vocabulary)
    {
        JsonElement special = file.Required(piece, at, "SpecialToken", JsonValueKind.Object);
        string name = file.Text(file.Required(special, $"{at}.SpecialToken", "id", JsonValueKind.String), $"{at}.SpecialToken.id");
        JsonElement all = file.Required(step, place, "special_tokens", JsonValueKind.Object);
        JsonElement token = file.Required(all, $"{place}.special_tokens", name, JsonValueKind.Object);
        string ids = $"{place}.special_tokens.{name}.ids";
        foreach (JsonElement value in file.Required(token, $"{place}.special_tokens.{name}", "ids", JsonValueKind.Array).EnumerateArray())
            yield return file.Integer(value, ids) is var id && id < vocabulary ? id : throw file.Wrong(ids, $"there is no token {id}");
    }
}
