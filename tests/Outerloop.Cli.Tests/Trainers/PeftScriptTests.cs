using System.Text.Json;
using Outerloop.Cli.Tests.Support;
using Outerloop.Tests.Servers;

namespace Outerloop.Cli.Tests.Trainers;

/// <summary>
/// <c>trainers/peft_sft.py</c>: what it refuses, and a training whose adapter gives here the logits that it gives there; with
/// transformers and peft where they are, and with what stands in for them where only torch is.
/// </summary>
public sealed class PeftScriptTests : IDisposable
{
    private const string Prompt = "1,8,13,14";

    private static readonly string Trainers = Path.Combine(AppContext.BaseDirectory, "trainers");
    private static readonly string Own = Path.Combine(AppContext.BaseDirectory, "Trainers");

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [PythonFact]
    public async Task Help_says_examples_and_needs_nothing_but_Python()
    {
        CliResult help = await Script("--help");
        Assert.Equal(0, help.ExitCode);
        Assert.Contains("torchrun --nproc-per-node 4 peft_sft.py", help.Output, StringComparison.Ordinal);
    }

    [PythonFact]
    public async Task Data_that_can_be_read_are_counted()
    {
        CliResult check = await Script("--check", "--data", Rows(20));
        Assert.True(check.ExitCode == 0, check.Messages);
        using var said = JsonDocument.Parse(check.Output);
        Assert.Equal((20, 18, 2), (Number("examples"), Number("learnt"), Number("heldOut")));

        int Number(string name) => said.RootElement.GetProperty(name).GetInt32();
    }

    [PythonFact]
    public async Task A_hostile_line_is_refused_with_its_place()
    {
        string good = Row(0);
        (string Line, string Message)[] cases =
        [
            ("", "not JSON: Expecting value, column 1"),
            ("{\"messages\":", "not JSON"),
            (new string('[', 200_000), "not JSON that can be read"),
            ("[1]", "not an object"),
            ("{}", "neither 'messages'"),
            ("{\"messages\":[]}", "not a list of a question and its answer"),
            ("{\"messages\":[{\"role\":\"user\",\"content\":\"a\"},{\"role\":\"user\",\"content\":\"b\"}]}", "message 2: its role is not assistant"),
            ("{\"messages\":[{\"role\":\"system\",\"content\":\"a\"},{\"role\":\"assistant\",\"content\":\"b\"}]}", "the last message but one is not by the user"),
            ("{\"messages\":[{\"role\":\"user\",\"content\":7},{\"role\":\"assistant\",\"content\":\"b\"}]}", "message 1 has no text"),
            ("{\"messages\":[{\"role\":\"user\",\"content\":\"a\"},{\"role\":\"assistant\",\"content\":\"\"}]}", "message 2 has no text"),
            ("{\"messages\":[{\"role\":\"user\",\"content\":\"a\"},{\"role\":\"assistant\",\"content\":\"\\ud800\"}]}", "half of a surrogate pair at character 1"),
            ("{\"prompt\":\"a\",\"completion\":\"b\"}", "neither 'messages'"),
        ];
        foreach ((string line, string message) in cases)
        {
            string data = _folder.File("hostile.jsonl");
            await File.WriteAllTextAsync(data, $"{good}\n{line}\n{good}\n");
            CliResult check = await Script("--check", "--data", data);
            Assert.Equal(2, check.ExitCode);
            string said = Assert.Single(check.Messages.TrimEnd().Split('\n'));
            Assert.StartsWith($"peft_sft.py: {data}:2: ", said, StringComparison.Ordinal);
            Assert.Contains(message, said, StringComparison.Ordinal);
        }
    }

    [PythonFact]
    public async Task Bytes_that_are_no_text_an_empty_file_and_wrong_settings_are_refused()
    {
        string data = _folder.File("bytes.jsonl"), settings = _folder.File("settings.json");
        await File.WriteAllBytesAsync(data, [(byte)'{', 0xff, (byte)'\n']);
        Assert.Equal((2, $"peft_sft.py: {data}:1: not UTF-8: byte 2 of the line"), await Refusal("--check", "--data", data));
        await File.WriteAllTextAsync(data, "");
        Assert.Equal((2, $"peft_sft.py: {data}: there is no example in it"), await Refusal("--check", "--data", data));
        await File.WriteAllTextAsync(settings, "{\"lora\":{\"rank\":0}}");
        Assert.Equal((2, $"peft_sft.py: {settings}: lora.rank: 0 is not a number between 1 and 4096"), await Refusal("--check", "--data", Rows(2), "--settings", settings));
        Assert.Equal((2, "peft_sft.py: --base and --output are required (see --help)"), await Refusal("--data", data));
    }

    [Theory]
    [InlineData("train.sbatch")]
    [InlineData("vllm.sbatch")]
    public async Task The_batch_scripts_are_bash(string name)
    {
        CliResult read = await OuterloopProcess.RunInBash("bash -n \"$@\"", Path.Combine(Trainers, "slurm", name));
        Assert.True(read.ExitCode == 0, read.Messages);
    }

    [PythonFact("torch", "transformers", "peft")]
    public Task A_training_with_peft_gives_an_adapter_that_means_the_same_here() => TrainsToTheSameLogits("");

    [PythonFact("torch")]
    public Task A_training_with_what_stands_in_for_peft_gives_an_adapter_that_means_the_same_here() => TrainsToTheSameLogits(StandIns);

    [PythonFact("torch")]
    public async Task An_interrupted_training_goes_on_to_the_same_bytes()
    {
        string model = _folder.CopyOfBase("model"), whole = _folder.File("whole"), broken = _folder.File("broken"), log = _folder.File("log");
        Assert.Equal(0, (await Train(StandIns, model, whole)).ExitCode);
        // The first step's line is out; the signal is heard after the step that is under way.
        CliResult stopped = await Python(StandIns, $"\"$@\" > {log} & while ! grep -q step {log} 2> /dev/null; do sleep 0.05; done; kill -TERM $!; wait $!", Arguments(model, broken));
        Assert.Equal(130, stopped.ExitCode);
        Assert.False(File.Exists(Path.Combine(broken, "adapter_model.safetensors")));
        CliResult rest = await Train(StandIns, model, broken);
        Assert.Contains("goes on after step", rest.Messages, StringComparison.Ordinal);
        Assert.Equal(await Weights(whole), await Weights(broken));
        Assert.False(File.Exists(Path.Combine(broken, "state.pt")));
    }

    [PythonFact("torch")]
    public async Task A_word_that_the_base_does_not_know_is_refused_with_its_place()
    {
        string data = _folder.File("strange.jsonl");
        await File.WriteAllTextAsync(data, Row(0) + "\n" + Row(1).Replace("putdown", "juggle", StringComparison.Ordinal) + "\n");
        CliResult refused = await Train(StandIns, _folder.CopyOfBase("model"), _folder.File("out"), data);
        Assert.Equal(2, refused.ExitCode);
        Assert.StartsWith($"peft_sft.py: {data}:2: the base's tokenizer cannot read it", refused.LastMessage, StringComparison.Ordinal);
    }

    private static string StandIns => Path.Combine(Own, "StandIns");

    private async Task TrainsToTheSameLogits(string modules)
    {
        string model = _folder.File("exported"), made = _folder.File("made"), merged = _folder.File("merged");
        await Program("model", "export", _folder.CopyOfBase("model"), "--to", model);
        CliResult trained = await Train(modules, model, made);
        Assert.True(trained.ExitCode == 0, trained.Messages);
        double[] losses = [.. trained.Output.TrimEnd().Split('\n').Select(line => JsonDocument.Parse(line).RootElement.GetProperty("loss").GetDouble())];
        Assert.True(losses[^4..].Average() < losses[..4].Average(), string.Join(' ', losses));

        CliResult there = await Python(modules, "\"$@\"", [Path.Combine(Own, "adapter_logits.py"), model, made, Prompt]);
        Assert.True(there.ExitCode == 0, there.Messages);
        await Program("model", "export", model, "--merge", made, "--to", merged);
        double[] expected = JsonSerializer.Deserialize<double[]>(there.Output)!, given = await LogitsOf(merged), before = await LogitsOf(model);
        Assert.True(Distance(expected, before) > 0.1, "the training has changed nothing");
        Assert.InRange(Distance(expected, given), 0, 1e-3);
    }

    /// <summary>By the kernels that round nothing to bf16.</summary>
    private static async Task<double[]> LogitsOf(string model)
    {
        CliResult result = await OuterloopProcess.RunInShell("OUTERLOOP_KERNELS=v256 \"$@\"", "model", "logits", model, "--tokens", Prompt);
        Assert.True(result.ExitCode == 0, result.Messages);
        return JsonDocument.Parse(result.Output).RootElement.GetProperty("logits").EnumerateArray().Last().Deserialize<double[]>()!;
    }

    private static double Distance(double[] one, double[] other) => one.Zip(other, (a, b) => Math.Abs(a - b)).Max();

    private static async Task Program(params string[] arguments)
    {
        CliResult result = await OuterloopProcess.Run(arguments);
        Assert.True(result.ExitCode == 0, result.Messages);
    }

    private async Task<CliResult> Train(string modules, string model, string output, string? data = null) =>
        await Python(modules, "\"$@\"", Arguments(model, output, data));

    private string[] Arguments(string model, string output, string? data = null)
    {
        string settings = _folder.File("settings.json");
        File.WriteAllText(settings, "{\"learningRate\":0.002,\"lora\":{\"rank\":4}}");
        return [Path.Combine(Trainers, "peft_sft.py"), "--data", data ?? Rows(12), "--base", model, "--output", output, "--settings", settings, "--seed", "3"];
    }

    private static async Task<(int ExitCode, string Message)> Refusal(params string[] arguments)
    {
        CliResult refused = await Script(arguments);
        return (refused.ExitCode, refused.Messages.TrimEnd());
    }

    private static Task<CliResult> Script(params string[] arguments) => Python("", "\"$@\"", [Path.Combine(Trainers, "peft_sft.py"), .. arguments]);

    /// <param name="modules">A folder of modules before Python's own.</param>
    /// <param name="script">Of the shell, in which <c>"$@"</c> is Python with its arguments.</param>
    private static Task<CliResult> Python(string modules, string script, string[] arguments) =>
        OuterloopProcess.RunInBash($"export PYTHONDONTWRITEBYTECODE=1 OMP_NUM_THREADS=1 PYTHONPATH='{modules}'; {script}", [PythonFactAttribute.Python, .. arguments]);

    private static Task<byte[]> Weights(string folder) => File.ReadAllBytesAsync(Path.Combine(folder, "adapter_model.safetensors"));

    private string Rows(int count)
    {
        string path = _folder.File("rows.jsonl");
        File.WriteAllText(path, string.Concat(Enumerable.Range(0, count).Select(i => Row(i) + "\n")));
        return path;
    }

    private static string Row(int number)
    {
        string one = $"b{1 + (number % 20)}", other = $"b{1 + ((number + 3) % 20)}";
        return JsonSerializer.Serialize(new
        {
            messages = new[]
            {
                new { role = "user", content = $"<init> on {one} {other} clear {one} <goal> on {other} {one} <plan>" },
                new { role = "assistant", content = $"unstack {one} {other} putdown {one} pickup {other} stack {other} {one}" },
            },
            provenance = new { trace = $"blocksworld/g0/pool/{number}" },
        });
    }
}
