using System.Text.Json;
using Outerloop.Model.Decoder;

namespace Outerloop.Model.Checkpoints;

/// <summary>The token ids that <c>config.json</c> names; null where it names none.</summary>
public sealed record SpecialTokenIds(int? BeginOfText, int? EndOfText, int? Padding);

/// <summary>
/// <c>config.json</c> as transformers writes it for <c>Qwen3ForCausalLM</c>. What would change the arithmetic and is not
/// built here (biases, scaled rotary positions, sliding windows, another activation) is refused, never ignored.
/// </summary>
internal static class HuggingFaceConfig
{
    public const string FileName = "config.json";

    private const int MaxLayers = 1024;

    private const string Architecture = "Qwen3ForCausalLM";

    public static void Write(Stream stream, ModelConfig config, SpecialTokenIds special, TensorType type = TensorType.F32)
    {
        using var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true, NewLine = "\n" });
        json.WriteStartObject();
        json.WriteStartArray("architectures");
        json.WriteStringValue(Architecture);
        json.WriteEndArray();
        json.WriteString("model_type", "qwen3");
        WriteShape(json, config);
        json.WriteString("hidden_act", "silu");
        json.WriteBoolean("attention_bias", false);
        json.WriteNumber("attention_dropout", 0);
        json.WriteBoolean("use_sliding_window", false);
        WriteId(json, "bos_token_id", special.BeginOfText);
        WriteId(json, "eos_token_id", special.EndOfText);
        WriteId(json, "pad_token_id", special.Padding);
        json.WriteString("torch_dtype", TorchName(type));
        json.WriteEndObject();
    }

    /// <summary>A model's file again, for weights of another type; what this program does not know of stays as it is.</summary>
    public static void Rewrite(JsonFile file, Stream stream, TensorType type)
    {
        string[] replaced = ["architectures", "torch_dtype", "dtype", "tie_word_embeddings"];
        using var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true, NewLine = "\n" });
        json.WriteStartObject();
        json.WriteStartArray("architectures");
        json.WriteStringValue(Architecture);
        json.WriteEndArray();
        foreach (JsonProperty property in file.Root.EnumerateObject().Where(property => !replaced.Contains(property.Name)))
            property.WriteTo(json);
        json.WriteBoolean("tie_word_embeddings", Flag(file, "tie_word_embeddings"));
        json.WriteString("torch_dtype", TorchName(type));
        json.WriteEndObject();
    }

    public static (ModelConfig Config, SpecialTokenIds Special) Read(JsonFile file)
    {
        RequireQwen3(file);
        ModelConfig config = ReadShape(file);
        RequireConsistent(file, config);
        int? Id(string name) => ReadId(file, name, config.Vocabulary);
        return (config, new SpecialTokenIds(Id("bos_token_id"), Id("eos_token_id"), Id("pad_token_id")));
    }

    private static string TorchName(TensorType type) => type switch
    {
        TensorType.F16 => "float16",
        TensorType.BF16 => "bfloat16",
        _ => "float32",
    };

    private static void WriteShape(Utf8JsonWriter json, ModelConfig config)
    {
        json.WriteNumber("hidden_size", config.Dim);
        json.WriteNumber("num_hidden_layers", config.Layers);
        json.WriteNumber("num_attention_heads", config.Heads);
        json.WriteNumber("num_key_value_heads", config.KvHeads);
        json.WriteNumber("head_dim", config.HeadDim);
        json.WriteNumber("intermediate_size", config.FeedForward);
        json.WriteNumber("vocab_size", config.Vocabulary);
        json.WriteNumber("max_position_embeddings", config.MaxPositions);
        json.WriteNumber("rope_theta", config.RopeTheta);
        json.WriteNumber("rms_norm_eps", config.NormEpsilon);
        json.WriteBoolean("tie_word_embeddings", config.TieEmbeddings);
    }

    private static void WriteId(Utf8JsonWriter json, string name, int? id)
    {
        if (id is { } value)
            json.WriteNumber(name, value);
        else
            json.WriteNull(name);
    }

    private static void RequireQwen3(JsonFile file)
    {
        string type = file.Text(file.Required(file.Root, "", "model_type", JsonValueKind.String), "model_type");
        if (type != "qwen3")
            throw file.Wrong("model_type", $"is '{type}'", "only 'qwen3' can be run");
        if (JsonFile.Optional(file.Root, "hidden_act") is { } act && file.Text(act, "hidden_act") is not "silu")
            throw file.Wrong("hidden_act", $"is '{act}'", "only 'silu' can be run");
        foreach (string flag in (string[])["attention_bias", "use_sliding_window"])
        {
            if (JsonFile.Optional(file.Root, flag) is { ValueKind: not JsonValueKind.False })
                throw file.Wrong(flag, "is set", "this variant of Qwen3 cannot be run");
        }

        if (JsonFile.Optional(file.Root, "rope_scaling") is { } scaling && !IsDefaultRope(scaling))
            throw file.Wrong("rope_scaling", "is set", "scaled rotary positions cannot be run");
        if (JsonFile.Optional(file.Root, "rope_parameters") is { } rope && !IsDefaultRope(rope))
            throw file.Wrong("rope_parameters", "are not of rope_type 'default'", "scaled rotary positions cannot be run");
    }

    private static bool IsDefaultRope(JsonElement rope) =>
        rope.ValueKind == JsonValueKind.Object
        && rope.TryGetProperty("rope_type", out JsonElement type)
        && type.ValueKind == JsonValueKind.String && type.ValueEquals("default");

    private static ModelConfig ReadShape(JsonFile file)
    {
        int Size(string name) => file.Integer(file.Required(file.Root, "", name, JsonValueKind.Number), name, least: 1);
        int dim = Size("hidden_size"), heads = Size("num_attention_heads");
        return new ModelConfig
        {
            Layers = Size("num_hidden_layers"),
            Dim = dim,
            Heads = heads,
            KvHeads = Size("num_key_value_heads"),
            HeadDim = JsonFile.Optional(file.Root, "head_dim") is null ? Math.Max(1, dim / heads) : Size("head_dim"),
            FeedForward = Size("intermediate_size"),
            Vocabulary = Size("vocab_size"),
            MaxPositions = Size("max_position_embeddings"),
            RopeTheta = Positive(file, RopeTheta(file), "rope_theta"),
            NormEpsilon = Positive(file, file.Required(file.Root, "", "rms_norm_eps", JsonValueKind.Number), "rms_norm_eps"),
            TieEmbeddings = Flag(file, "tie_word_embeddings"),
        };
    }

    /// <summary>transformers 5 moved it from the root into <c>rope_parameters</c>.</summary>
    private static JsonElement RopeTheta(JsonFile file) =>
        JsonFile.Optional(file.Root, "rope_parameters") is { } rope && JsonFile.Optional(rope, "rope_theta") is { } theta
            ? theta
            : file.Required(file.Root, "", "rope_theta", JsonValueKind.Number);

    private static float Positive(JsonFile file, JsonElement value, string place)
    {
        if (value.ValueKind != JsonValueKind.Number || !value.TryGetSingle(out float number) || !(number > 0) || float.IsInfinity(number))
            throw file.Wrong(place, $"is {value}; a positive number is needed");
        return number;
    }

    private static bool Flag(JsonFile file, string name) => JsonFile.Optional(file.Root, name)?.ValueKind switch
    {
        null or JsonValueKind.False => false,
        JsonValueKind.True => true,
        _ => throw file.Wrong(name, "is neither true nor false"),
    };

    /// <summary>An id or a list of ids, of which the first counts; an id outside the vocabulary is refused.</summary>
    private static int? ReadId(JsonFile file, string name, int vocabulary)
    {
        if (JsonFile.Optional(file.Root, name) is not { } value)
            return null;
        if (value.ValueKind == JsonValueKind.Array && value.GetArrayLength() > 0)
            value = value[0];
        int id = file.Integer(value, name);
        return id < vocabulary ? id : throw file.Wrong(name, $"is {id}, outside the vocabulary of {vocabulary}");
    }

    private static void RequireConsistent(JsonFile file, ModelConfig config)
    {
        if (config.Heads % config.KvHeads != 0)
            throw file.Wrong("num_key_value_heads", $"{config.KvHeads} does not divide num_attention_heads {config.Heads}");
        if (config.HeadDim % 2 != 0)
            throw file.Wrong("head_dim", $"is {config.HeadDim}; rotary positions need an even width");
        if (config.Layers > MaxLayers)
            throw file.Wrong("num_hidden_layers", $"is {config.Layers}; at most {MaxLayers} are read");
        double perLayer = ((2.0 * config.Heads) + (2.0 * config.KvHeads)) * config.HeadDim * config.Dim
            + (3.0 * config.FeedForward * config.Dim) + (2.0 * config.Dim) + (2.0 * config.HeadDim);
        double total = (perLayer * config.Layers) + (2.0 * config.Vocabulary * config.Dim) + config.Dim;
        if (total > int.MaxValue)
            throw file.Wrong("hidden_size", $"with the other sizes makes {total:E1} parameters", "at most 2^31 can be held");
    }
}
