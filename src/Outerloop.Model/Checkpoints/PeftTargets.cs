using System.Collections.Immutable;
using System.Text.Json;
using System.Text.RegularExpressions;
using Outerloop.Model.Adapters;
using Outerloop.Model.Decoder;

namespace Outerloop.Model.Checkpoints;

/// <summary>One module that <c>target_modules</c> chooses.</summary>
internal sealed record PeftTarget(int Layer, Projection Projection, string Module);

/// <summary>
/// <c>target_modules</c>: a list of ends of module names, a regular expression of whole names, or <c>all-linear</c>; and
/// <c>layers_to_transform</c>, which keeps some layers of them.
/// </summary>
internal static class PeftTargets
{
    private const string Key = "target_modules";

    private static readonly TimeSpan LongestMatch = TimeSpan.FromSeconds(1);

    public static ImmutableArray<PeftTarget> Read(JsonFile file, ModelConfig config)
    {
        JsonElement wanted = JsonFile.Optional(file.Root, Key) ?? throw file.Wrong(Key, "is missing");
        Func<string, bool> isTarget = wanted.ValueKind == JsonValueKind.Array
            ? ReadList(file, wanted)
            : ReadExpression(file, file.Text(wanted, Key));
        HashSet<int>? layers = ReadLayers(file, config);
        ImmutableArray<PeftTarget> targets =
        [
            .. Enumerable.Range(0, config.Layers)
                .Where(layer => layers?.Contains(layer) ?? true)
                .SelectMany(layer => Projections.All.Select(projection => new PeftTarget(layer, projection, projection.Module(layer))))
                .Where(target => isTarget(target.Module)),
        ];
        if (targets.IsEmpty)
            throw file.Wrong(Key, "chooses no projection of this model", "adapter and base do not belong together");
        return targets;
    }

    /// <summary>As short as they can be: <c>q_proj</c> where all layers have it, else each module's name.</summary>
    public static IEnumerable<string> Names(AdapterLayout layout) =>
        layout.Updates.GroupBy(update => update.Target.Projection).OrderBy(group => group.Key).SelectMany(group =>
            group.Count() == layout.Config.Layers
                ? [group.Key.Name()]
                : group.Select(update => group.Key.Module(update.Target.Layer)));

    /// <summary>Whether a whole text matches, as Python's <c>re.fullmatch</c> says.</summary>
    public static Func<string, bool> Expression(JsonFile file, string place, string pattern)
    {
        try
        {
            var expression = new Regex($@"\A(?:{pattern})\z", RegexOptions.CultureInvariant, LongestMatch);
            return text => Matches(file, place, expression, text);
        }
        catch (ArgumentException e)
        {
            throw file.Wrong(place, $"is not a regular expression: {e.Message}");
        }
    }

    private static bool Matches(JsonFile file, string place, Regex expression, string text)
    {
        try
        {
            return expression.IsMatch(text);
        }
        catch (RegexMatchTimeoutException)
        {
            throw file.Wrong(place, "takes too long to match", "write a simpler expression");
        }
    }

    private static Func<string, bool> ReadList(JsonFile file, JsonElement list)
    {
        string[] names = [.. list.EnumerateArray().Select(name => file.Text(name, Key))];
        foreach (string name in names)
        {
            if (name.Split('.')[^1] is "embed_tokens" or "lm_head")
                throw file.Wrong(Key, $"names '{name}'", "only the projections of the layers can be adapted here");
        }

        return module => names.Any(name => module == name || module.EndsWith("." + name, StringComparison.Ordinal));
    }

    private static Func<string, bool> ReadExpression(JsonFile file, string text)
    {
        if (text == "all-linear")
            return _ => true;
        Func<string, bool> matches = Expression(file, Key, text);
        if (matches("lm_head") || matches("model.embed_tokens"))
            throw file.Wrong(Key, "chooses lm_head or embed_tokens", "only the projections of the layers can be adapted here");
        return matches;
    }

    private static HashSet<int>? ReadLayers(JsonFile file, ModelConfig config)
    {
        const string Name = "layers_to_transform";
        if (JsonFile.Optional(file.Root, Name) is not { } value)
            return null;
        int Layer(JsonElement element) =>
            file.Integer(element, Name) is var layer && layer < config.Layers
                ? layer
                : throw file.Wrong(Name, $"names layer {layer} of {config.Layers}", "adapter and base do not belong together");
        return value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray().Select(Layer)] : [Layer(value)];
    }
}
