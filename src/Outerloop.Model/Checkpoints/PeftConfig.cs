using System.Collections.Immutable;
using System.Text.Json;
using System.Text.RegularExpressions;
using Outerloop.Model.Adapters;
using Outerloop.Model.Decoder;

namespace Outerloop.Model.Checkpoints;

/// <summary>
/// <c>adapter_config.json</c> of Hugging Face's PEFT, of the kind LORA. What would change the arithmetic and is not built here
/// (DoRA, biases, whole modules trained beside the adapter) is refused, never ignored.
/// </summary>
/// <param name="Layout">What is adapted.</param>
/// <param name="Dropout">Of the training.</param>
/// <param name="BaseModel">A folder, or a name on the hub; null where the file names none.</param>
internal sealed record PeftConfig(AdapterLayout Layout, float Dropout, string? BaseModel)
{
    public const string FileName = "adapter_config.json";

    public static PeftConfig Read(JsonFile file, ModelConfig config)
    {
        RequireLora(file);
        var targets = PeftTargets.Read(file, config);
        int rank = file.Integer(file.Required(file.Root, "", "r", JsonValueKind.Number), "r", least: 1);
        double alpha = Number(file, "lora_alpha") ?? throw file.Wrong("lora_alpha", "is missing");
        var ranks = PeftPattern.Read(file, "rank_pattern");
        var alphas = PeftPattern.Read(file, "alpha_pattern");
        var layout = new AdapterLayout(
            config,
            targets.Select(target => new LowRankTarget(
                target.Layer,
                target.Projection,
                ranks.Find(target.Module) is { } value ? file.Integer(value, "rank_pattern", least: 1) : rank,
                alphas.Find(target.Module) is { } other ? Finite(file, other, "alpha_pattern") : alpha)),
            Flag(file, "use_rslora"));
        double dropout = Number(file, "lora_dropout") ?? 0;
        if (dropout is not (>= 0 and < 1))
            throw file.Wrong("lora_dropout", $"is {dropout}, not from 0 to below 1");
        string? name = JsonFile.Optional(file.Root, "base_model_name_or_path") is { } text ? file.Text(text, "base_model_name_or_path") : null;
        return new PeftConfig(layout, (float)dropout, name);
    }

    public void Write(Stream stream)
    {
        LowRankTarget common = Layout.Updates[0].Target;
        using var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true, NewLine = "\n" });
        json.WriteStartObject();
        json.WriteString("peft_type", "LORA");
        json.WriteString("task_type", "CAUSAL_LM");
        json.WriteString("base_model_name_or_path", BaseModel);
        json.WriteNumber("r", common.Rank);
        json.WriteNumber("lora_alpha", common.Alpha);
        json.WriteNumber("lora_dropout", Dropout);
        json.WriteStartArray("target_modules");
        foreach (string module in PeftTargets.Names(Layout))
            json.WriteStringValue(module);
        json.WriteEndArray();
        WritePattern(json, "rank_pattern", target => target.Rank == common.Rank ? null : target.Rank);
        WritePattern(json, "alpha_pattern", target => target.Alpha == common.Alpha ? null : target.Alpha);
        json.WriteBoolean("use_rslora", Layout.RankStabilised);
        json.WriteBoolean("use_dora", false);
        json.WriteString("bias", "none");
        json.WriteBoolean("fan_in_fan_out", false);
        json.WriteBoolean("init_lora_weights", true);
        json.WriteNull("modules_to_save");
        json.WriteBoolean("inference_mode", true);
        json.WriteEndObject();
    }

    private void WritePattern(Utf8JsonWriter json, string name, Func<LowRankTarget, double?> valueOf)
    {
        json.WriteStartObject(name);
        foreach (LowRankTarget target in Layout.Updates.Select(update => update.Target))
        {
            if (valueOf(target) is { } value)
                json.WriteNumber(Regex.Escape(target.Projection.Module(target.Layer)), value);
        }

        json.WriteEndObject();
    }

    private static void RequireLora(JsonFile file)
    {
        const string Remedy = "this kind of adapter cannot be run; merge it where it was made";
        string kind = file.Text(file.Required(file.Root, "", "peft_type", JsonValueKind.String), "peft_type");
        if (kind != "LORA")
            throw file.Wrong("peft_type", $"is '{kind}'", "only 'LORA' can be run");
        if (JsonFile.Optional(file.Root, "bias") is { } bias && file.Text(bias, "bias") != "none")
            throw file.Wrong("bias", $"is '{bias}', not 'none'", Remedy);
        string[] absent =
        [
            "use_dora", "lora_bias", "fan_in_fan_out", "use_qalora", "modules_to_save", "exclude_modules", "layer_replication",
            "megatron_config", "trainable_token_indices", "target_parameters", "alora_invocation_tokens", "arrow_config",
        ];
        foreach (string name in absent)
        {
            if (JsonFile.Optional(file.Root, name) is { } value && !IsEmpty(value))
                throw file.Wrong(name, "is set", Remedy);
        }

        // These begin by changing the base, which the adapter alone does not tell.
        if (JsonFile.Optional(file.Root, "init_lora_weights") is { ValueKind: JsonValueKind.String } start
            && start.GetString() is { } how && !(how is "gaussian" or "eva" or "orthogonal" or "true"))
            throw file.Wrong("init_lora_weights", $"is '{how}', which changes the base", Remedy);
    }

    private static bool IsEmpty(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.False => true,
        JsonValueKind.Array => value.GetArrayLength() == 0,
        JsonValueKind.Object => value.GetPropertyCount() == 0,
        _ => false,
    };

    private static bool Flag(JsonFile file, string name) => JsonFile.Optional(file.Root, name)?.ValueKind switch
    {
        null or JsonValueKind.False => false,
        JsonValueKind.True => true,
        _ => throw file.Wrong(name, "is neither true nor false"),
    };

    private static double? Number(JsonFile file, string name) =>
        JsonFile.Optional(file.Root, name) is { } value ? Finite(file, value, name) : null;

    private static double Finite(JsonFile file, JsonElement value, string place) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double number) && double.IsFinite(number)
            ? number
            : throw file.Wrong(place, $"{value} is not a number");
}

/// <summary>A setting that differs by module: regular expressions of the end of a module's name, of which the first that fits counts.</summary>
internal sealed record PeftPattern(ImmutableArray<(Func<string, bool> IsFor, JsonElement Value)> Entries)
{
    public static PeftPattern Read(JsonFile file, string name)
    {
        if (JsonFile.Optional(file.Root, name) is not { } pattern)
            return new PeftPattern([]);
        if (pattern.ValueKind != JsonValueKind.Object)
            throw file.Wrong(name, "is not an object");
        return new PeftPattern(
        [
            .. pattern.EnumerateObject().Select(entry =>
                (PeftTargets.Expression(file, $"{name}.{entry.Name}", $@"(?:.*\.)?(?:{entry.Name})"), entry.Value)),
        ]);
    }

    public JsonElement? Find(string module)
    {
        foreach ((Func<string, bool> isFor, JsonElement value) in Entries)
        {
            if (isFor(module))
                return value;
        }

        return null;
    }
}
