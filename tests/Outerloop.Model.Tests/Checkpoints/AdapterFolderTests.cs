using System.Text.Json.Nodes;
using Outerloop.Model.Adapters;
using Outerloop.Model.Checkpoints;
using Outerloop.Model.Decoder;
using Outerloop.Model.Tests.Adapters;

namespace Outerloop.Model.Tests.Checkpoints;

public sealed class AdapterFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Parameters _base = TestModels.Lively(TestModels.Tiny, 1);

    private string Place => _folder["adapter"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_saved_adapter_loads_as_it_was()
    {
        Adapter adapter = SmallAdapters.Random(TestModels.Tiny, new() { Rank = 3, Alpha = 7.5, Dropout = 0.05f, Targets = [Projection.Value, Projection.Up] }, 2);
        AdapterFolder.Save(Place, adapter, "../base");
        AssertSame(adapter, AdapterFolder.Load(Place, TestModels.Tiny));
        Assert.Equal(["adapter_config.json", "adapter_model.safetensors", "manifest.json"], Directory.GetFiles(Place).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        JsonNode config = Config();
        Assert.Equal("LORA", (string?)config["peft_type"]);
        Assert.Equal(["v_proj", "up_proj"], config["target_modules"]!.AsArray().Select(name => (string?)name));
        using var file = SafetensorsFile.Open(Path.Combine(Place, "adapter_model.safetensors"));
        Assert.Equal([3, 20], file.Find("base_model.model.model.layers.1.self_attn.v_proj.lora_A.weight")!.Shape.Select(extent => (int)extent));
        Assert.Equal([28, 3], file.Find("base_model.model.model.layers.0.mlp.up_proj.lora_B.weight")!.Shape.Select(extent => (int)extent));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Ranks_and_alphas_that_differ_by_module_and_layers_left_out_survive(bool rankStabilised)
    {
        LowRankTarget[] targets = [new(0, Projection.Key, 2, 3), new(1, Projection.Key, 4, 3), new(1, Projection.Down, 2, 1.25), new(1, Projection.Query, 5, 0.1)];
        var layout = new AdapterLayout(TestModels.Tiny, targets, rankStabilised);
        var adapter = new Adapter(layout, [.. Enumerable.Range(0, layout.Length).Select(i => i / 7f)], 0.25f);
        AdapterFolder.Save(Place, adapter, null);
        AssertSame(adapter, AdapterFolder.Load(Place, TestModels.Tiny));
    }

    [Theory]
    [InlineData("""["q_proj", "self_attn.k_proj", "model.layers.1.mlp.gate_proj"]""", "0q 0k 1q 1k 1gate")]
    [InlineData("\"all-linear\"", "0q 0k 0v 0o 0gate 0up 0down 1q 1k 1v 1o 1gate 1up 1down")]
    [InlineData("\".*\\\\.0\\\\..*(q|o)_proj\"", "0q 0o")]
    [InlineData("\".*layers\\\\.(?!0\\\\b)\\\\d+\\\\.mlp.*\"", "1gate 1up 1down")]
    public void Targets_are_chosen_as_PEFT_chooses_them(string targets, string expected)
    {
        using JsonFile file = Parse(targets);
        IEnumerable<string> chosen = PeftConfig.Read(file, TestModels.Tiny).Layout.Updates
            .Select(update => $"{update.Target.Layer}{update.Target.Projection.Name().Replace("_proj", "", StringComparison.Ordinal)}");
        Assert.Equal(expected, string.Join(' ', chosen));
    }

    [Fact]
    public void Patterns_and_layers_are_read_as_PEFT_reads_them()
    {
        using JsonFile file = Parse(
            "\"all-linear\"",
            """, "rank_pattern": {"q_proj": 2, "layers.1.mlp.up_proj": 3, ".*up_proj": 4}, "alpha_pattern": {"^model.layers.0.self_attn.q_proj": 100}, "layers_to_transform": [0, 1], "use_rslora": true""");
        AdapterLayout layout = PeftConfig.Read(file, TestModels.Tiny).Layout;
        Assert.Equal(2, layout.Find(0, Projection.Query)!.Target.Rank);
        Assert.Equal(4, layout.Find(0, Projection.Up)!.Target.Rank);
        Assert.Equal(3, layout.Find(1, Projection.Up)!.Target.Rank);
        Assert.Equal(8, layout.Find(1, Projection.Down)!.Target.Rank);
        Assert.Equal((float)(100 / Math.Sqrt(2)), layout.Find(0, Projection.Query)!.Scale);
        Assert.Equal((float)(16 / Math.Sqrt(2)), layout.Find(1, Projection.Query)!.Scale);
    }

    [Theory]
    [InlineData("\"use_dora\": true", "use_dora: is set")]
    [InlineData("\"modules_to_save\": [\"lm_head\"]", "modules_to_save: is set")]
    [InlineData("\"bias\": \"all\"", "bias: is 'all'")]
    [InlineData("\"bias\": 3", "bias: is a Number")]
    [InlineData("\"lora_bias\": true", "lora_bias: is set")]
    [InlineData("\"init_lora_weights\": \"pissa\"", "init_lora_weights: is 'pissa'")]
    [InlineData("\"peft_type\": \"IA3\"", "peft_type: is 'IA3'")]
    [InlineData("\"r\": 0", "r: is 0; at least 1")]
    [InlineData("\"r\": 8.5", "r: is not a whole number")]
    [InlineData("\"lora_alpha\": \"x\"", "lora_alpha: x is not a number")]
    [InlineData("\"lora_alpha\": 1e999", "lora_alpha: 1e999 is not a number")]
    [InlineData("\"lora_dropout\": 1", "lora_dropout: is 1")]
    [InlineData("\"rank_pattern\": {\"q_proj\": -1}", "rank_pattern: is -1")]
    [InlineData("\"rank_pattern\": {\"(\": 4}", "rank_pattern.(: is not a regular expression")]
    [InlineData("\"rank_pattern\": {\"(.+)+x\": 4}", null)]
    [InlineData("\"rank_pattern\": 4", "rank_pattern: is not an object")]
    [InlineData("\"layers_to_transform\": [7]", "layers_to_transform: names layer 7")]
    [InlineData("\"target_modules\": [\"q_proj\", \"lm_head\"]", "target_modules: names 'lm_head'")]
    [InlineData("\"target_modules\": [\"c_attn\"]", "target_modules: chooses no projection")]
    [InlineData("\"target_modules\": \"(\"", "target_modules: is not a regular expression")]
    [InlineData("\"target_modules\": \".*\"", "target_modules: chooses lm_head")]
    [InlineData("\"target_modules\": 5", "target_modules: is a Number")]
    [InlineData("\"target_modules\": [5]", "target_modules: is a Number")]
    [InlineData("\"target_modules\": null", "target_modules: is missing")]
    public void What_cannot_be_run_is_refused_where_it_stands(string setting, string? problem)
    {
        AdapterFolder.Save(Place, SmallAdapters.Random(TestModels.Tiny, new() { Rank = 4 }, 3), null);
        JsonNode config = Config();
        using JsonFile change = JsonFile.Parse("change", System.Text.Encoding.UTF8.GetBytes($"{{{setting}}}"));
        foreach (var member in change.Root.EnumerateObject())
            config[member.Name] = JsonNode.Parse(member.Value.GetRawText());
        File.WriteAllText(Path.Combine(Place, "adapter_config.json"), config.ToJsonString());
        var refusal = Assert.Throws<CheckpointException>(() => AdapterFolder.Load(Place, TestModels.Tiny, verify: false));
        Assert.StartsWith(Path.Combine(Place, problem is null ? "" : "adapter_config.json"), refusal.Message, StringComparison.Ordinal);
        Assert.Contains(problem ?? "takes too long", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_adapter_of_another_model_or_a_damaged_one_is_refused()
    {
        AdapterFolder.Save(Place, SmallAdapters.Random(TestModels.Tiny, new() { Rank = 4 }, 4), null);
        AssertRefused(() => AdapterFolder.Load(Place, TestModels.Tiny with { Dim = 24 }), "lora_A.weight' has shape [4, 20], not [4, 24]");
        AssertRefused(() => AdapterFolder.Load(Place, TestModels.Tiny with { Layers = 3 }), "layers.2.self_attn.q_proj.lora_A.weight' is missing");
        AssertRefused(() => AdapterFolder.Load(Place, TestModels.Tiny with { Layers = 1 }), "has no place in this adapter");
        File.AppendAllText(Path.Combine(Place, "adapter_config.json"), " ");
        AssertRefused(() => AdapterFolder.Load(Place, TestModels.Tiny), "bytes instead of");
        File.WriteAllText(Path.Combine(Place, "adapter_config.json"), "[1]");
        AssertRefused(() => AdapterFolder.Load(Place, TestModels.Tiny, verify: false), "not a JSON object");
        File.Delete(Path.Combine(Place, "adapter_config.json"));
        AssertRefused(() => AdapterFolder.Load(Place, TestModels.Tiny, verify: false), "holds no adapter");
    }

    [Fact]
    public void A_folder_with_an_adapter_loads_as_its_base_with_the_adapter_merged()
    {
        CheckpointFolder.Save(_folder["base"], _base);
        Adapter adapter = SmallAdapters.Random(TestModels.Tiny, new(), 5);
        AdapterFolder.Save(Place, adapter, "../base");
        Checkpoint loaded = CheckpointFolder.Load(Place);
        Assert.Equal(adapter.Merge(_base).Values, loaded.Parameters.Values);
        Assert.Equal(SafetensorsWriter.Hash(loaded.Parameters), loaded.WeightsHash);
        AdapterFolder.Save(Place, adapter, "elsewhere");
        AssertRefused(() => CheckpointFolder.Load(Place), "'elsewhere' is no model's folder");
    }

    private static void AssertSame(Adapter expected, Adapter actual)
    {
        Assert.Equal(expected.Layout.Updates.Select(update => (update.Target, update.Scale)), actual.Layout.Updates.Select(update => (update.Target, update.Scale)));
        Assert.Equal(expected.Values, actual.Values);
        Assert.Equal(expected.Dropout, actual.Dropout);
    }

    private static void AssertRefused(Action load, string problem) =>
        Assert.Contains(problem, Assert.Throws<CheckpointException>(load).Message, StringComparison.Ordinal);

    private static JsonFile Parse(string targets, string more = "") => JsonFile.Parse(
        "adapter_config.json",
        System.Text.Encoding.UTF8.GetBytes($"{{\"peft_type\": \"LORA\", \"r\": 8, \"lora_alpha\": 16, \"target_modules\": {targets}{more}}}"));

    private JsonNode Config() => JsonNode.Parse(File.ReadAllText(Path.Combine(Place, "adapter_config.json")))!;
}
