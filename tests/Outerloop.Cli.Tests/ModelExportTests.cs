using System.Text.Json;
using Outerloop.Cli.Tests.Support;

namespace Outerloop.Cli.Tests;

public sealed class ModelExportTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task An_exported_model_can_be_exported_again_to_the_same_weights()
    {
        string model = _folder.CopyOfBase("model"), first = _folder.File("first"), second = _folder.File("second");
        CliResult result = await OuterloopProcess.Run("model", "export", model, "--to", first, "--dtype", "bf16", "--json");
        Assert.True(result.ExitCode == 0, result.Messages);
        using var printed = JsonDocument.Parse(result.Output);
        string weights = printed.RootElement.GetProperty("weights").GetString()!;
        CliResult again = await OuterloopProcess.Run("model", "export", first, "--to", second, "--dtype", "bf16");
        Assert.Equal($"{second}: weights {weights}", again.Output.Trim());
        Assert.True(File.Exists(Path.Combine(second, "tokenizer.json")));
    }

    [Theory]
    [InlineData("--dtype: unknown type 'fp16'; did you mean 'f16'?", "--dtype", "fp16")]
    [InlineData("holds no adapter (no adapter_config.json)", "--merge", ".")]
    public async Task A_wrong_option_is_refused_and_nothing_is_written(string message, string option, string value)
    {
        string model = _folder.CopyOfBase("model"), target = _folder.File("out");
        CliResult result = await OuterloopProcess.Run("model", "export", model, "--to", target, option, value == "." ? model : value);
        Assert.Equal(2, result.ExitCode);
        Assert.Contains(message, result.Messages, StringComparison.Ordinal);
        Assert.False(Directory.Exists(target));
    }

    [Fact]
    public async Task A_folder_without_a_model_is_refused_in_one_line()
    {
        string empty = _folder.File("empty");
        Directory.CreateDirectory(empty);
        CliResult result = await OuterloopProcess.Run("model", "info", empty);
        Assert.Equal(2, result.ExitCode);
        Assert.Equal($"outerloop: {empty}: holds no model (no config.json); give a Hugging Face folder", result.Messages.Trim());
    }
}
