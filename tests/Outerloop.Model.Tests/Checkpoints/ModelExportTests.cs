using System.Text.Json;
using System.Text.Json.Nodes;
using Outerloop.Model.Adapters;
using Outerloop.Model.Checkpoints;
using Outerloop.Model.Decoder;
using Outerloop.Model.Tests.Adapters;
using Outerloop.Model.Tokenization;

namespace Outerloop.Model.Tests.Checkpoints;

public sealed class ModelExportTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Parameters _parameters = TestModels.Lively(TestModels.Tiny, 1);
    private readonly WordTokenizer _tokenizer = new(["on", "clear"], ["<|start|>"]);

    public ModelExportTests() => CheckpointFolder.Save(_folder["model"], _parameters, _tokenizer);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(TensorType.F32, "float32", 0)]
    [InlineData(TensorType.BF16, "bfloat16", 1f / 256)]
    [InlineData(TensorType.F16, "float16", 1f / 2048)]
    public void An_exported_model_reads_back_equal_up_to_its_type(TensorType type, string name, float relative)
    {
        string hash = ModelExport.Write(_folder["model"], adapter: null, _folder["out"], type);
        Checkpoint loaded = CheckpointFolder.Load(_folder["out"]);
        Assert.Equal(hash, loaded.WeightsHash);
        Assert.Equal(_parameters.Config, loaded.Parameters.Config);
        Assert.Equal(_tokenizer.VocabularySize, loaded.Tokenizer!.VocabularySize);
        for (int i = 0; i < _parameters.Values.Length; i++)
            Assert.InRange(Math.Abs(loaded.Parameters.Values[i] - _parameters.Values[i]), 0, (relative * Math.Abs(_parameters.Values[i])) + (relative * 1e-4));
        Assert.Equal(
            ["config.json", "generation_config.json", "manifest.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json"],
            Directory.GetFiles(_folder["out"]).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        using var config = JsonDocument.Parse(File.ReadAllText(_folder["out", "config.json"]));
        Assert.Equal(name, config.RootElement.GetProperty("torch_dtype").GetString());
        Assert.Equal("Qwen3ForCausalLM", config.RootElement.GetProperty("architectures")[0].GetString());
        Assert.True(config.RootElement.GetProperty("tie_word_embeddings").GetBoolean());
        ModelExport.Write(_folder["out"], adapter: null, _folder["again"], type);
        Assert.Equal(File.ReadAllBytes(_folder["out", "model.safetensors"]), File.ReadAllBytes(_folder["again", "model.safetensors"]));
    }

    [Fact]
    public void Halves_are_rounded_to_the_nearest_and_ties_to_even()
    {
        float[] values = [1f, 1.00390625f, 1.01171875f, -2.0000001f, 1.1754944e-38f, 0f, float.MinValue / 2];
        ushort[] expected = [0x3F80, 0x3F80, 0x3F82, 0xC000, 0x0080, 0, 0xFEFF + 1];
        using var stream = new MemoryStream();
        SafetensorsWriter.Write(stream, [new StoredTensor("x", [values.Length], () => values)], TensorType.BF16);
        byte[] tail = stream.ToArray()[^(2 * values.Length)..];
        Assert.Equal(expected, System.Runtime.InteropServices.MemoryMarshal.Cast<byte, ushort>(tail).ToArray());
    }

    [Fact]
    public void A_weight_beyond_the_range_of_the_type_is_refused_and_nothing_is_left()
    {
        _parameters.Values[7] = 1e6f;
        CheckpointFolder.Save(_folder["model"], _parameters);
        var refusal = Assert.Throws<CheckpointException>(() => ModelExport.Write(_folder["model"], adapter: null, _folder["out"], TensorType.F16));
        Assert.Contains("embed_tokens.weight' holds 1000000, which is beyond the range of F16", refusal.Message, StringComparison.Ordinal);
        Assert.Equal([_folder["model"]], Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void A_merged_export_has_the_logits_of_base_and_adapter()
    {
        Adapter adapter = SmallAdapters.Random(TestModels.Tiny, new(), 5);
        AdapterFolder.Save(_folder["adapter"], adapter, "../model");
        string hash = ModelExport.Write(_folder["model"], _folder["adapter"], _folder["out"], TensorType.F32);
        Assert.Equal(hash, ModelExport.Write(_folder["adapter"], adapter: null, _folder["other"], TensorType.F32));
        Assert.Equal(hash, CheckpointFolder.Load(_folder["adapter"]).WeightsHash);
        int[] tokens = [1, 5, 3, 22, 0, 9];
        float[][] merged = new LanguageModel(CheckpointFolder.Load(_folder["out"]).Parameters).Logits(tokens);
        float[][] beside = new LanguageModel(new AdaptedModel(_parameters, adapter)).Logits(tokens);
        for (int row = 0; row < tokens.Length; row++)
        {
            for (int token = 0; token < 23; token++)
                Assert.Equal(beside[row][token], merged[row][token], 1e-4f);
        }
    }

    [Fact]
    public void What_this_program_does_not_know_of_stays_in_the_config_and_the_folder()
    {
        JsonNode config = JsonNode.Parse(File.ReadAllText(_folder["model", "config.json"]))!;
        config["max_window_layers"] = 28;
        config["eos_token_id"] = new JsonArray(0, 2);
        config["dtype"] = "bfloat16";
        File.Delete(_folder["model", "manifest.json"]);
        File.WriteAllText(_folder["model", "config.json"], config.ToJsonString());
        File.WriteAllText(_folder["model", "generation_config.json"], "{\"temperature\":0.6}");
        ModelExport.Write(_folder["model"], adapter: null, _folder["out"], TensorType.F16);
        using var written = JsonDocument.Parse(File.ReadAllText(_folder["out", "config.json"]));
        Assert.Equal(28, written.RootElement.GetProperty("max_window_layers").GetInt32());
        Assert.Equal(2, written.RootElement.GetProperty("eos_token_id").GetArrayLength());
        Assert.False(written.RootElement.TryGetProperty("dtype", out _));
        Assert.Equal("{\"temperature\":0.6}", File.ReadAllText(_folder["out", "generation_config.json"]));
    }

    [Fact]
    public void A_folder_that_holds_something_else_is_not_replaced()
    {
        Directory.CreateDirectory(_folder["mine"]);
        File.WriteAllText(_folder["mine", "notes.txt"], "precious");
        Assert.Throws<CheckpointException>(() => ModelExport.Write(_folder["model"], adapter: null, _folder["mine"], TensorType.F32));
        Assert.Throws<CheckpointException>(() => ModelExport.Write(_folder["model"], adapter: null, _folder["model"], TensorType.F32));
        Assert.True(File.Exists(_folder["mine", "notes.txt"]));
    }
}
