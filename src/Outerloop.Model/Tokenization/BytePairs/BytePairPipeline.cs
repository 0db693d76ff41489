using System.Collections.Immutable;
using System.Text.Json;
using Outerloop.Model.Checkpoints;

namespace Outerloop.Model.Tokenization.BytePairs;

/// <summary>
/// What a <c>tokenizer.json</c> does to a text before and after the merges: <c>normalizer</c>, <c>pre_tokenizer</c>,
/// <c>post_processor</c> and <c>decoder</c>. Each may stand alone or in a <c>Sequence</c>.
/// </summary>
internal sealed record BytePairPipeline(bool Composes, WordPattern Pattern, ImmutableArray<int> Prefix, ImmutableArray<int> Suffix)
{
    /// <param name="vocabulary">How many tokens there are.</param>
    public static BytePairPipeline Read(JsonFile file, int vocabulary)
    {
        (ImmutableArray<int> prefix, ImmutableArray<int> suffix) = ReadPostProcessor(file, vocabulary);
        foreach ((string place, string type, _) in Steps(file, "decoder", "decoders", required: true))
            Require(file, place, type, "ByteLevel");
        return new BytePairPipeline(ReadNormalizer(file), ReadPattern(file), prefix, suffix);
    }

    private static bool ReadNormalizer(JsonFile file)
    {
        bool composes = false;
        foreach ((string place, string type, _) in Steps(file, "normalizer", "normalizers", required: false))
        {
            Require(file, place, type, "NFC");
            composes = true;
        }

        return composes;
    }

    /// <summary>A split by a known expression and a byte level without one, or a byte level with its own.</summary>
    private static WordPattern ReadPattern(JsonFile file)
    {
        WordPattern? pattern = null;
        bool bytes = false;
        foreach ((string place, string type, JsonElement step) in Steps(file, "pre_tokenizer", "pretokenizers", required: true))
        {
            Require(file, place, type, pattern is null ? ["Split", "ByteLevel"] : ["ByteLevel"]);
            if (type == "Split")
            {
                pattern = ReadSplit(file, place, step);
                continue;
            }

            if (TokenList.Flag(file, step, place, "add_prefix_space"))
                throw file.Wrong($"{place}.add_prefix_space", "is true", "only false can be run");
            bool splits = JsonFile.Optional(step, "use_regex") is null || TokenList.Flag(file, step, place, "use_regex");
            if (bytes || splits == pattern is not null)
                throw file.Wrong($"{place}.use_regex", splits ? "splits a second time" : "leaves the text unsplit", "use either a Split or use_regex");
            pattern ??= WordPattern.Gpt2;
            bytes = true;
        }

        return bytes ? pattern! : throw file.Wrong("pre_tokenizer", "has no ByteLevel", "only byte-level models can be read");
    }

    private static WordPattern ReadSplit(JsonFile file, string place, JsonElement step)
    {
        JsonElement pattern = file.Required(step, place, "pattern", JsonValueKind.Object);
        string expression = file.Text(file.Required(pattern, $"{place}.pattern", "Regex", JsonValueKind.String), $"{place}.pattern.Regex");
        string behavior = file.Text(file.Required(step, place, "behavior", JsonValueKind.String), $"{place}.behavior");
        if (behavior != "Isolated")
            throw file.Wrong($"{place}.behavior", $"is '{behavior}'", "only 'Isolated' can be run");
        if (TokenList.Flag(file, step, place, "invert"))
            throw file.Wrong($"{place}.invert", "is true", "only false can be run");
        WordPattern[] known = [WordPattern.Qwen2, WordPattern.Gpt2];
        return known.FirstOrDefault(candidate => candidate.Expression == expression)
            ?? throw file.Wrong($"{place}.pattern.Regex", "is none of the known expressions", "only Qwen2's and GPT-2's can be run");
    }

    /// <summary>The tokens before and after the text; a byte level here moves offsets only.</summary>
    private static (ImmutableArray<int> Prefix, ImmutableArray<int> Suffix) ReadPostProcessor(JsonFile file, int vocabulary)
    {
        List<int> prefix = [], suffix = [];
        foreach ((string place, string type, JsonElement step) in Steps(file, "post_processor", "processors", required: false))
        {
            Require(file, place, type, "ByteLevel", "TemplateProcessing");
            if (type == "ByteLevel")
                continue;
            (List<int> before, List<int> after) = PostProcessorTemplate.Read(file, step, place, vocabulary);
            prefix.InsertRange(0, before);
            suffix.AddRange(after);
        }

        return ([.. prefix], [.. suffix]);
    }

    private static void Require(JsonFile file, string place, string type, params string[] known)
    {
        if (!known.Contains(type))
            throw file.Wrong($"{place}.type", $"is '{type}'", $"only {string.Join(" and ", known)} can be run here");
    }

    /// <summary>The steps of a part of the pipeline, a sequence's one by one.</summary>
    private static IEnumerable<(string Place, string Type, JsonElement Step)> Steps(JsonFile file, string name, string listName, bool required)
    {
        if (!required && JsonFile.Optional(file.Root, name) is null)
            yield break;
        JsonElement part = file.Required(file.Root, "", name, JsonValueKind.Object);
        string type = TypeOf(file, part, name);
        if (type != "Sequence")
        {
            yield return (name, type, part);
            yield break;
        }

        foreach ((int index, JsonElement step) in file.Required(part, name, listName, JsonValueKind.Array).EnumerateArray().Index())
        {
            string place = $"{name}.{listName}[{index}]";
            if (step.ValueKind != JsonValueKind.Object)
                throw file.Wrong(place, "is not an object");
            yield return (place, TypeOf(file, step, place), step);
        }
    }

    private static string TypeOf(JsonFile file, JsonElement step, string place) =>
        file.Text(file.Required(step, place, "type", JsonValueKind.String), $"{place}.type");
}
