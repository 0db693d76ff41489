using System.Text;
using Outerloop.Tests.Support;
using Outerloop.Training.Commands;

namespace Outerloop.Tests.Training.Commands;

/// <summary>Adapters as other programs may leave them.</summary>
public sealed class PeftAdapterTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _adapter;
    private readonly string _base;

    public PeftAdapterTests()
    {
        _base = SmallAdapter.Base(_folder);
        _adapter = SmallAdapter.Adapter(_folder);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void An_adapter_of_the_base_is_accepted() => PeftAdapter.Check(_adapter, BaseShapes.Find(_base));

    [Fact]
    public void A_base_that_is_not_on_this_machine_has_no_shapes_and_the_adapter_is_held_against_itself()
    {
        Assert.Null(BaseShapes.Find("nobody/no-such-model"));
        PeftAdapter.Check(_adapter, null);
    }

    [Theory]
    [InlineData("\"LORA\"", "\"IA3\"", "peft_type is not LORA")]
    [InlineData("\"r\"", "\"q\"", "adapter_config.json")]
    [InlineData("\"modules_to_save\": null", "\"modules_to_save\": [\"lm_head\"]", "modules_to_save is not empty")]
    [InlineData("{", "", "adapter_config.json")]
    public void A_configuration_that_no_server_loads_is_refused(string old, string put, string said)
    {
        string file = Path.Combine(_adapter, "adapter_config.json"), text = File.ReadAllText(file);
        int at = text.IndexOf(old, StringComparison.Ordinal);
        File.WriteAllText(file, text[..at] + put + text[(at + old.Length)..]);
        Refused(said);
    }

    [Theory]
    [InlineData(".lora_B.weight", ".lora_C.weight", "has no partner|none of LoRA")]
    [InlineData("base_model.model.", "base_model.other.", "none of LoRA")]
    [InlineData("layers.0", "layers.7", "the base has no matrix|no partner")]
    public void Tensors_that_belong_nowhere_are_refused(string old, string put, string said)
    {
        string file = Path.Combine(_adapter, "adapter_model.safetensors");
        byte[] bytes = File.ReadAllBytes(file);
        string text = Encoding.Latin1.GetString(bytes);
        File.WriteAllBytes(file, Encoding.Latin1.GetBytes(text.Replace(old, put)));
        Refused(said);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    [InlineData(100)]
    [InlineData(-1)]
    public void A_file_that_is_cut_short_is_refused(int length)
    {
        string file = Path.Combine(_adapter, "adapter_model.safetensors");
        byte[] bytes = File.ReadAllBytes(file);
        File.WriteAllBytes(file, length < 0 ? bytes[..^1] : bytes[..length]);
        Refused("short");
    }

    [Fact]
    public void Weights_that_are_not_there_are_missed()
    {
        File.Delete(Path.Combine(_adapter, "adapter_model.safetensors"));
        Refused("there is no adapter_model.safetensors");
    }

    private void Refused(string said)
    {
        string message = Assert.Throws<FormatException>(() => PeftAdapter.Check(_adapter, BaseShapes.Find(_base))).Message;
        Assert.Contains(said.Split('|'), one => message.Contains(one, StringComparison.Ordinal));
    }
}
