using Outerloop.Cli.Tests.Support;

namespace Outerloop.Cli.Tests;

/// <summary>Each mistake gets one line that says what, where and what to do, and the exit code that fits; nothing is left behind.</summary>
public sealed class WrongInputTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("--domain: unknown domain 'blockworld'; did you mean 'blocksworld'?", "--domain", "blockworld")]
    [InlineData("--tasks: -5 is not between 1 and 1000000", "--tasks", "-5")]
    [InlineData("--tasks: '1e3' is not a whole number", "--tasks", "1e3")]
    [InlineData("--threads: 0 is not between 1 and 1024", "--threads", "0")]
    [InlineData("--temperature: 'hot' is not a number", "--temperature", "hot")]
    [InlineData("--max-tokens-total: 0 is not above 0", "--max-tokens-total", "0")]
    [InlineData("--prompt-obfuscate: 'maybe' is neither true nor false", "--prompt-obfuscate", "maybe")]
    [InlineData("--prompt-template, --prompt-example and --prompt-obfuscate are for models on servers", "--prompt-obfuscate")]
    [InlineData("--trainer: slurm is where a trainer runs", "--trainer", "slurm")]
    [InlineData("--train-on slurm wants the run's store in PostgreSQL", "--train-on", "slurm")]
    [InlineData("--train-on: 'pbs' is no such place", "--train-on", "pbs")]
    [InlineData("--workers slurm:N wants the run's store in PostgreSQL", "--workers", "slurm:2")]
    [InlineData("--workers: 'slurm:0' is neither a number of workers nor slurm:N", "--workers", "slurm:0")]
    [InlineData("/nowhere/job.sbatch: cannot read the batch script", "--worker-script", "/nowhere/job.sbatch")]
    [InlineData("--trainer grpo compares the samples of a task", "--trainer", "grpo")]
    [InlineData("--curator: the curator k-per-task is written k-per-task:K", "--curator", "k-per-task")]
    [InlineData("--curator: unknown action 'putdwn'; did you mean 'put", "--curator", "partisan:putdwn")]
    [InlineData("--base-url: name the server", "--policy", "openai:gpt", "--generations", "0")]
    [InlineData("--base-url: 'localhost:8000' is no URL of a server", "--policy", "openai:gpt", "--generations", "0", "--base-url", "localhost:8000")]
    [InlineData("--base-url: the URL of gpu1:8000 has a user or a key in it", "--policy", "openai:gpt", "--generations", "0", "--base-url", "http://:secret@gpu1:8000/v1")]
    [InlineData("--policy openai:gpt: models on servers are fine-tuned by --trainer command", "--policy", "openai:gpt")]
    [InlineData("--curator: unknown curator 'fewest'", "--curator", "fewest")]
    [InlineData("unknown option '--taks' (did you mean '--tasks'?); see outerloop run --help", "--taks", "5")]
    public async Task A_wrong_option_is_refused(string message, params string[] options)
    {
        CliResult result = await OuterloopProcess.Run(["run", "--out", _folder.File("run"), .. options]);
        AssertRefused(result, 2, message);
        Assert.False(Directory.Exists(_folder.File("run")));
    }

    [Theory]
    [InlineData("--samples: 0 is not between 1 and 4096", "--samples", "0")]
    [InlineData("--set: unknown set 'heldout'; did you mean 'held-out'?", "--set", "heldout")]
    [InlineData("no run here (no run.yaml)", "--generation", "3")]
    public async Task A_wrong_option_of_evaluate_is_refused(string message, string option, string value) =>
        AssertRefused(await OuterloopProcess.Run("evaluate", _folder.File("nothing"), option, value), 2, message);

    [Fact]
    public async Task A_run_file_with_an_unknown_key_is_refused_there()
    {
        string file = _folder.Write("run.yaml", "tasks: 10\ngeneration: 3\n");
        CliResult result = await OuterloopProcess.Run("run", file, "--out", _folder.File("run"));
        AssertRefused(result, 2, $"{file}:2:1: unknown setting 'generation'; did you mean 'generations'?");
        Assert.False(Directory.Exists(_folder.File("run")));
    }

    [Fact]
    public async Task An_output_folder_that_cannot_be_made_is_refused()
    {
        string run = Path.Combine(_folder.Write("a-file", ""), "run");
        AssertRefused(await OuterloopProcess.Run("run", "--out", run), 2, $"{run}: ");
    }

    [Fact]
    public async Task Damaged_weights_are_refused_by_name()
    {
        string model = _folder.CopyOfBase("damaged");
        string weights = Path.Combine(model, "model.safetensors");
        byte[] bytes = await File.ReadAllBytesAsync(weights);
        bytes[^1000] ^= 1;
        await File.WriteAllBytesAsync(weights, bytes);
        CliResult result = await OuterloopProcess.Run("run", "--policy", $"local:{model}", "--out", _folder.File("run"));
        AssertRefused(result, 2, "model.safetensors");
        AssertRefused(await OuterloopProcess.Run("model", "info", model), 2, weights);
    }

    [Theory]
    [InlineData("/nowhere: no such folder", "--policy", "local:/nowhere")]
    [InlineData("the model has no word for 'at-ferry'", "--domain", "ferry")]
    public async Task A_model_that_cannot_serve_is_refused_before_there_is_a_run(string message, string option, string value)
    {
        AssertRefused(await OuterloopProcess.Run("run", option, value, "--out", _folder.File("run")), 2, message);
        Assert.False(Directory.Exists(_folder.File("run")));
    }

    [Fact]
    public async Task A_misspelt_verb_is_named() =>
        AssertRefused(await OuterloopProcess.Run("reprot"), 2, "unknown verb 'reprot'; did you mean 'report'?");

    [Fact]
    public async Task A_folder_without_a_name_is_refused() =>
        AssertRefused(await OuterloopProcess.Run("run", "--out", " "), 2, "--out: name a folder");

    [Fact]
    public async Task A_damaged_store_is_refused()
    {
        string run = _folder.File("run"), store = Path.Combine(run, "store.sqlite");
        await OuterloopProcess.Run("run", "--tasks", "40", "--held-out", "0", "--larger", "0", "--generations", "0", "--out", run);
        byte[] bytes = await File.ReadAllBytesAsync(store);
        bytes.AsSpan(8192).Fill(0xA5);
        await File.WriteAllBytesAsync(store, bytes);
        AssertRefused(await OuterloopProcess.Run("report", run), 2, $"{store}: not a store of outerloop, or a damaged one");
    }

    [Fact]
    public async Task A_run_is_not_resumed_under_other_settings()
    {
        await OuterloopProcess.Run("run", "--tasks", "20", "--held-out", "0", "--larger", "0", "--generations", "0", "--out", _folder.File("run"));
        AssertRefused(await OuterloopProcess.Run("run", "--resume", "--tasks", "30", "--out", _folder.File("run")), 2, $"{_folder.File("run")}: this run began with other settings");
        AssertRefused(await OuterloopProcess.Run("run", "--resume", "--out", _folder.File("none")), 2, $"{_folder.File("none")}: no run here");
    }

    [Fact]
    public async Task A_run_of_a_newer_version_is_refused()
    {
        string run = _folder.File("run");
        await OuterloopProcess.Run("run", "--tasks", "20", "--held-out", "0", "--larger", "0", "--generations", "0", "--out", run);
        await using (var store = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={Path.Combine(run, "store.sqlite")};Pooling=False"))
        {
            store.Open();
            using Microsoft.Data.Sqlite.SqliteCommand command = store.CreateCommand();
            command.CommandText = "PRAGMA user_version = 999";
            command.ExecuteNonQuery();
        }

        AssertRefused(await OuterloopProcess.Run("run", "--resume", "--out", run), 2, "made by a newer version of outerloop");
        AssertRefused(await OuterloopProcess.Run("report", run), 2, "made by a newer version of outerloop");
    }

    private static void AssertRefused(CliResult result, int exitCode, string message)
    {
        Assert.Equal(exitCode, result.ExitCode);
        Assert.Contains(message, result.LastMessage);
        Assert.DoesNotContain("   at ", result.Messages);
        Assert.Empty(result.Output);
    }
}
