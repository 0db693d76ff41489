using System.Text.Json;
using System.Text.Json.Nodes;
using Outerloop.Model.Checkpoints;
using Outerloop.Model.Decoder;
using Outerloop.Model.Tokenization;

namespace Outerloop.Model.Tests.Checkpoints;

public sealed class CheckpointFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Parameters _parameters = Parameters.Random(TestModels.Tiny with { RopeTheta = 12345.5f, NormEpsilon = 3e-6f }, seed: 5);
    private readonly WordTokenizer _tokenizer = new(["on", "clear", "b1"], ["<|start|>"]);

    private string Model => _folder["model"];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_saved_checkpoint_loads_as_it_was(bool tied)
    {
        Parameters parameters = Parameters.Random(_parameters.Config with { TieEmbeddings = tied }, seed: 6);
        string hash = CheckpointFolder.Save(Model, parameters, _tokenizer);
        Checkpoint loaded = CheckpointFolder.Load(Model);
        Assert.Equal(parameters.Config, loaded.Parameters.Config);
        Assert.Equal(parameters.Values, loaded.Parameters.Values);
        Assert.Equal(_tokenizer.Tokens.AsEnumerable(), Assert.IsType<WordTokenizer>(loaded.Tokenizer).Tokens);
        Assert.Equal(new SpecialTokenIds(null, 0, 0), loaded.SpecialTokens);
        Assert.Equal(hash, loaded.WeightsHash);
        Assert.Equal(hash, SafetensorsWriter.Hash(parameters));
    }

    [Fact]
    public void The_folder_holds_what_transformers_looks_for()
    {
        CheckpointFolder.Save(Model, _parameters, _tokenizer);
        Assert.Equal(
            ["config.json", "manifest.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json"],
            Directory.GetFiles(Model).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        using var config = JsonDocument.Parse(File.ReadAllText(Path.Combine(Model, "config.json")));
        Assert.Equal("Qwen3ForCausalLM", config.RootElement.GetProperty("architectures")[0].GetString());
        Assert.Equal(6, config.RootElement.GetProperty("head_dim").GetInt32());
        Assert.Equal("float32", config.RootElement.GetProperty("torch_dtype").GetString());
        Assert.Empty(Directory.GetDirectories(_folder.Path, ".*"));
    }

    [Fact]
    public void Saving_replaces_the_checkpoint_that_was_there()
    {
        CheckpointFolder.Save(Model, _parameters, _tokenizer);
        Parameters other = Parameters.Random(_parameters.Config, seed: 9);
        CheckpointFolder.Save(Model + "/", other);
        Checkpoint loaded = CheckpointFolder.Load(Model);
        Assert.Equal(other.Values, loaded.Parameters.Values);
        Assert.Null(loaded.Tokenizer);
    }

    [Fact]
    public void A_failure_in_the_middle_of_saving_leaves_the_old_checkpoint_and_no_litter()
    {
        string hash = CheckpointFolder.Save(Model, _parameters, _tokenizer);
        Parameters other = Parameters.Random(_parameters.Config, seed: 9);
        CheckpointException refusal = Assert.Throws<CheckpointException>(
            () => CheckpointFolder.Save(Model, other, new TokenizerOnFullDisk(_tokenizer)));
        Assert.Contains("no space left", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(hash, CheckpointFolder.Load(Model).WeightsHash);
        Assert.Equal([Model], Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void What_a_killed_save_left_behind_disturbs_neither_loading_nor_the_next_save()
    {
        string hash = CheckpointFolder.Save(Model, _parameters, _tokenizer);
        Directory.CreateDirectory(_folder[".model.incoming"]);
        File.WriteAllText(_folder[".model.incoming", "config.json"], "{");
        Assert.Equal(hash, CheckpointFolder.Load(Model).WeightsHash);
        Assert.Equal(hash, CheckpointFolder.Save(Model, _parameters, _tokenizer));
        Assert.Equal([Model], Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void A_save_killed_between_its_two_renames_still_loads_the_old_checkpoint()
    {
        string hash = CheckpointFolder.Save(Model, _parameters, _tokenizer);
        Directory.Move(Model, _folder[".model.previous"]);
        Assert.Equal(hash, CheckpointFolder.Load(Model).WeightsHash);
        CheckpointFolder.Save(Model, Parameters.Random(_parameters.Config, seed: 9));
        Assert.NotEqual(hash, CheckpointFolder.Load(Model).WeightsHash);
        Assert.Equal([Model], Directory.GetFileSystemEntries(_folder.Path));
    }

    [Theory]
    [InlineData("model.safetensors")]
    [InlineData("config.json")]
    [InlineData("tokenizer.json")]
    public void A_flipped_bit_is_reported_with_its_file(string name)
    {
        CheckpointFolder.Save(Model, _parameters, _tokenizer);
        byte[] bytes = File.ReadAllBytes(Path.Combine(Model, name));
        bytes[^3] ^= 1;
        File.WriteAllBytes(Path.Combine(Model, name), bytes);
        AssertRefused(name, "is corrupted");
    }

    [Fact]
    public void A_truncated_file_is_reported_with_both_sizes()
    {
        CheckpointFolder.Save(Model, _parameters, _tokenizer);
        byte[] bytes = File.ReadAllBytes(Path.Combine(Model, "model.safetensors"));
        File.WriteAllBytes(Path.Combine(Model, "model.safetensors"), bytes[..^100]);
        AssertRefused("model.safetensors", $"is truncated: {bytes.Length - 100} of {bytes.Length} bytes");
        Assert.Contains("of data (truncated?)", Assert.Throws<CheckpointException>(() => CheckpointFolder.Load(Model, verify: false)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_file_is_reported()
    {
        CheckpointFolder.Save(Model, _parameters, _tokenizer);
        File.Delete(Path.Combine(Model, "model.safetensors"));
        AssertRefused("model.safetensors", "is missing");
    }

    [Fact]
    public void A_missing_folder_is_reported() => AssertRefused("", "there is no such folder");

    [Theory]
    [InlineData("model_type", "\"llama\"", "only 'qwen3' can be run")]
    [InlineData("hidden_act", "\"gelu\"", "only 'silu'")]
    [InlineData("attention_bias", "true", "cannot be run")]
    [InlineData("rope_scaling", """{"rope_type":"yarn"}""", "scaled rotary")]
    [InlineData("head_dim", "7", "even width")]
    [InlineData("num_key_value_heads", "3", "does not divide")]
    [InlineData("num_hidden_layers", "0", "at least 1")]
    [InlineData("num_hidden_layers", "2000", "at most 1024")]
    [InlineData("vocab_size", "2000000000", "at most 2^31")]
    [InlineData("vocab_size", "24", "config.json wants [24, 20]")]
    [InlineData("num_hidden_layers", "1", "has no place in this model")]
    [InlineData("num_hidden_layers", "3", "is missing")]
    [InlineData("hidden_size", "\"20\"", "not a Number")]
    [InlineData("eos_token_id", "23", "outside the vocabulary")]
    [InlineData("rms_norm_eps", "0", "a positive number")]
    [InlineData("tie_word_embeddings", "1", "neither true nor false")]
    public void A_config_that_cannot_be_run_is_refused_with_the_key(string key, string value, string expected)
    {
        CheckpointFolder.Save(Model, _parameters);
        string path = Path.Combine(Model, "config.json");
        JsonObject config = JsonNode.Parse(File.ReadAllText(path))!.AsObject();
        config[key] = JsonNode.Parse(value);
        File.WriteAllText(path, config.ToJsonString());
        CheckpointException refusal = Assert.Throws<CheckpointException>(() => CheckpointFolder.Load(Model, verify: false));
        Assert.Contains(expected, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_newer_spelling_of_rope_theta_is_read()
    {
        CheckpointFolder.Save(Model, _parameters);
        string path = Path.Combine(Model, "config.json");
        JsonObject config = JsonNode.Parse(File.ReadAllText(path))!.AsObject();
        config.Remove("rope_theta");
        config["rope_parameters"] = JsonNode.Parse("""{"rope_theta": 5e5, "rope_type": "default"}""");
        File.WriteAllText(path, config.ToJsonString());
        Assert.Equal(5e5f, CheckpointFolder.Load(Model, verify: false).Parameters.Config.RopeTheta);
    }

    [Fact]
    public void Shards_are_read_through_their_index()
    {
        CheckpointFolder.Save(Model, _parameters);
        SplitIntoShards();
        Checkpoint loaded = CheckpointFolder.Load(Model, verify: false);
        Assert.Equal(_parameters.Values, loaded.Parameters.Values);
    }

    [Theory]
    [InlineData("../model.safetensors")]
    [InlineData("")]
    [InlineData("/etc/passwd")]
    public void An_index_that_leads_out_of_the_folder_is_refused(string name)
    {
        CheckpointFolder.Save(Model, _parameters);
        File.Delete(Path.Combine(Model, "model.safetensors"));
        var map = new JsonObject { ["weight_map"] = new JsonObject { ["model.norm.weight"] = name } };
        File.WriteAllText(Path.Combine(Model, "model.safetensors.index.json"), map.ToJsonString());
        Assert.Contains("not a file in this folder", Assert.Throws<CheckpointException>(() => CheckpointFolder.Load(Model, verify: false)).Message, StringComparison.Ordinal);
    }

    private void AssertRefused(string file, string expected)
    {
        CheckpointException refusal = Assert.Throws<CheckpointException>(() => CheckpointFolder.Load(Model));
        Assert.Equal(Path.TrimEndingDirectorySeparator(Path.Combine(Model, file)), refusal.File);
        Assert.Contains(expected, refusal.Message, StringComparison.Ordinal);
    }

    /// <summary>The embedding in one shard, all else in another, with an index as transformers writes it.</summary>
    private void SplitIntoShards()
    {
        byte[] bytes = File.ReadAllBytes(Path.Combine(Model, "model.safetensors"));
        int headerLength = (int)BitConverter.ToUInt64(bytes);
        JsonObject header = JsonNode.Parse(bytes.AsSpan(8, headerLength))!.AsObject();
        File.Delete(Path.Combine(Model, "model.safetensors"));
        JsonNode first = header["model.embed_tokens.weight"]!;
        int cut = first["data_offsets"]![1]!.GetValue<int>();
        var map = new JsonObject { ["model.embed_tokens.weight"] = "model-00001-of-00002.safetensors" };
        var rest = new JsonObject();
        foreach ((string name, JsonNode? entry) in header.Where(pair => pair.Key is not ("model.embed_tokens.weight" or "__metadata__")))
        {
            JsonNode moved = entry!.DeepClone();
            moved["data_offsets"] = new JsonArray(entry["data_offsets"]!.AsArray().Select(offset => (JsonNode)(offset!.GetValue<int>() - cut)).ToArray());
            rest[name] = moved;
            map[name] = "model-00002-of-00002.safetensors";
        }

        byte[] data = bytes[(8 + headerLength)..];
        WriteShard("model-00001-of-00002.safetensors", new JsonObject { ["model.embed_tokens.weight"] = first.DeepClone() }, data[..cut]);
        WriteShard("model-00002-of-00002.safetensors", rest, data[cut..]);
        File.WriteAllText(Path.Combine(Model, "model.safetensors.index.json"), new JsonObject { ["weight_map"] = map }.ToJsonString());
    }

    private void WriteShard(string name, JsonObject header, byte[] data)
    {
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(header);
        File.WriteAllBytes(Path.Combine(Model, name), [.. BitConverter.GetBytes((ulong)json.Length), .. json, .. data]);
    }

    /// <summary>Stands for a disk that is full after the weights.</summary>
    private sealed class TokenizerOnFullDisk(ITokenizer inner) : ITokenizer
    {
        public int VocabularySize => inner.VocabularySize;

        public int EndOfText => inner.EndOfText;

        public int[] Encode(string text) => inner.Encode(text);

        public string Decode(ReadOnlySpan<int> ids) => inner.Decode(ids);

        public StreamingDecoder StartDecoding() => inner.StartDecoding();

        public bool TryTokenId(string token, out int id) => inner.TryTokenId(token, out id);

        public string Token(int id) => inner.Token(id);

        public bool IsSpecial(int id) => inner.IsSpecial(id);

        public void Write(Stream stream) => throw new IOException("no space left on device");
    }
}
