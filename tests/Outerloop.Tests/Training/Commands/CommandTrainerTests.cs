using System.Text.Json.Nodes;
using Outerloop.Configuration;
using Outerloop.Policies.Servers;
using Outerloop.Runs;
using Outerloop.Storage;
using Outerloop.Tests.Policies.Servers;
using Outerloop.Tests.Servers;
using Outerloop.Tests.Support;
using Outerloop.Training;

namespace Outerloop.Tests.Training.Commands;

/// <summary>Generations that a command of the user's makes, and a server serves.</summary>
public sealed class CommandTrainerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _base;

    public CommandTrainerTests() => _base = SmallAdapter.Base(_folder);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_generation_that_a_command_made_is_loaded_under_its_own_name_and_deployed()
    {
        await using PlanServer server = await PlanServer.Start();
        ServerRun run = Run(server, $"mkdir -p {{output}} && cp {SmallAdapter.Adapter(_folder)}/* {{output}} && echo '{{\"step\":3,\"steps\":3,\"tokens\":900,\"loss\":0.25}}' && cat {{settings}} >&2");
        DomainSummary summary = await run.Execute();

        string weights = summary.Generations[1].Weights, name = $"blocksworld-gen-1-{weights[..8]}";
        Assert.Equal([PlanServer.Model, name], server.Models);
        Assert.Equal(60, server.Bodies.Count(body => (string)body["model"]! == name));
        Assert.Equal(900, summary.Generations[1].Tokens.Trained);
        Assert.Equal(900, PhaseCost.Total(summary.Costs).TrainedTokens);
        Assert.Equal(ServedModel.HashOf(Path.Combine(Generation(1), "adapter_model.safetensors")), weights);
        Assert.Contains("\"learningRate\"", await File.ReadAllTextAsync(Generation(1) + ".log"));
        await using RunStore store = await RunStore.Open(RunFolder.StoreOf(_folder.File("run")), default);
        Assert.Equal((0.25, 3), (await store.Generations("blocksworld")).Where(made => made.Number == 1).Select(made => (made.FinalLoss, made.Steps)).Single());
    }

    [Fact]
    public async Task The_data_are_the_questions_and_the_answers_that_were_kept_with_where_they_come_from()
    {
        await using PlanServer server = await PlanServer.Start();
        DomainSummary summary = await Run(server, $"mkdir -p {{output}} && cp {SmallAdapter.Adapter(_folder)}/* {{output}}").Execute();
        List<JsonObject> rows = [.. (await File.ReadAllLinesAsync(Generation(1) + ".jsonl")).Select(line => JsonNode.Parse(line)!.AsObject())];
        Assert.Equal(summary.Generations[0].Solved, rows.Count);
        HashSet<string> asked = [.. server.Bodies.Select(body => (string)body["messages"]![0]!["content"]!)];
        Assert.All(rows, row =>
        {
            Assert.Equal(["user", "assistant"], row["messages"]!.AsArray().Select(message => (string)message!["role"]!));
            Assert.Contains((string)row["messages"]![0]!["content"]!, asked);
            Assert.Contains("naïve", (string)row["messages"]![1]!["content"]!);
            Assert.StartsWith("blocksworld/g0/pool/", (string)row["provenance"]!["trace"]!);
        });
    }

    [PythonFact]
    public async Task The_reference_trainer_reads_the_data_and_the_settings_that_it_is_given()
    {
        await using PlanServer server = await PlanServer.Start();
        string script = Path.Combine(AppContext.BaseDirectory, "trainers", "peft_sft.py");
        DomainSummary summary = await Run(
            server, $"mkdir -p {{output}} && cp {SmallAdapter.Adapter(_folder)}/* {{output}} && {PythonFactAttribute.Python} {script} --check --data {{data}} --settings {{settings}} --seed {{seed}}").Execute();
        JsonNode said = JsonNode.Parse((await File.ReadAllLinesAsync(Generation(1) + ".log"))[^1])!;
        Assert.Equal(summary.Generations[0].Solved, (int)said["examples"]!);
        var settings = new TrainerSettings();
        Assert.Equal((settings.LearningRate, settings.Epochs), ((double)said["settings"]!["learningRate"]!, (double)said["settings"]!["epochs"]!));
        Assert.Equal("linear", (string)said["settings"]!["decay"]!);
        Assert.Equal(["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"], said["settings"]!["lora.targets"]!.AsArray().Select(name => (string)name!));
    }

    [Fact]
    public async Task A_server_that_has_lost_an_adapter_is_given_it_again()
    {
        await using PlanServer server = await PlanServer.Start();
        int adapted = 0;
        server.Mischief = (_, _) =>
        {
            if (server.Models.Count > 1 && Interlocked.Increment(ref adapted) == 20)
                server.Models.RemoveAt(1);
            return Mischief.None;
        };
        DomainSummary summary = await Run(server, $"mkdir -p {{output}} && cp {SmallAdapter.Adapter(_folder)}/* {{output}}").Execute();
        Assert.Equal(0, summary.Generations[1].Outcomes.ModelFailed);
        Assert.Equal(2, server.Models.Count);
        Assert.True(server.Loads >= 2);
    }

    [Fact]
    public async Task An_adapter_that_the_server_ignores_is_found_out_before_its_first_answer()
    {
        await using PlanServer server = await PlanServer.Start();
        server.IgnoresAdapters = true;
        string made = $"mkdir -p {{output}} && cp {SmallAdapter.Adapter(_folder)}/* {{output}}";
        InputException refusal = await Assert.ThrowsAsync<InputException>(() => Run(server, made).Execute());
        Assert.Contains("the server ignores the adapter", refusal.Message);
        Assert.Equal(60, server.Requests);

        server.IgnoresAdapters = false;
        Assert.Equal(60, (await Run(server, made).Execute(resume: true)).Generations[1].Tasks);
        Assert.Equal((120, 6), (server.Requests, server.Canaries));
    }

    /// <summary>As many as pause a server that fails: this one works, and is only asked too much.</summary>
    [Fact]
    public async Task A_server_that_is_busy_when_an_adapter_is_tried_is_asked_again_and_not_paused()
    {
        await using PlanServer server = await PlanServer.Start();
        server.BusyCanaries = 10;
        ServerRun run = Run(server, $"mkdir -p {{output}} && cp {SmallAdapter.Adapter(_folder)}/* {{output}}");
        DomainSummary summary = await run.Execute();
        Assert.Equal(60, summary.Generations[1].Tasks);
        Assert.Equal(0, summary.Generations[1].Outcomes.ModelFailed);
        Assert.DoesNotContain(run.Notices, notice => notice.Contains("paused", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_log_probabilities_no_canary_is_asked()
    {
        await using PlanServer server = await PlanServer.Start();
        server.IgnoresAdapters = true;
        ServerRun run = Run(server, $"mkdir -p {{output}} && cp {SmallAdapter.Adapter(_folder)}/* {{output}}");
        run = With(server, run, run.Options with { LogProbs = LogProbKind.None });
        Assert.Equal(60, (await run.Execute()).Generations[1].Tasks);
        Assert.Equal(0, server.Canaries);
    }

    [Fact]
    public async Task A_reload_command_is_told_the_adapter_and_its_name()
    {
        await using PlanServer server = await PlanServer.Start();
        string served = _folder.File("served");
        server.AlsoListed = () => File.Exists(served) ? File.ReadAllLines(served) : [];
        ServerRun run = Run(server, $"mkdir -p {{output}} && cp {SmallAdapter.Adapter(_folder)}/* {{output}}");
        run = With(server, run, run.Options with { LoadsAdapters = false, ReloadCommand = $"test -d {{adapter}} && echo {{name}} > {served}" });
        Assert.Equal(60, (await run.Execute()).Generations[1].Tasks);
        Assert.StartsWith("blocksworld-gen-1-", await File.ReadAllTextAsync(served));
    }

    [Fact]
    public async Task Without_a_way_to_load_it_an_adapter_is_asked_for_by_name()
    {
        await using PlanServer server = await PlanServer.Start();
        ServerRun run = Run(server, $"mkdir -p {{output}} && cp {SmallAdapter.Adapter(_folder)}/* {{output}}");
        run = With(server, run, run.Options with { LoadsAdapters = false });
        InputException refusal = await Assert.ThrowsAsync<InputException>(() => run.Execute());
        Assert.Contains("--reload", refusal.Message);
        Assert.Contains("blocksworld-gen-1-", refusal.Message);
    }

    [Theory]
    [InlineData("echo out of memory >&2; exit 7", "the trainer ended with 7", "out of memory")]
    [InlineData("true # {output}", "left nothing", "")]
    [InlineData("mkdir -p {output} && echo x > {output}/model.bin", "no adapter_config.json", "")]
    public async Task A_trainer_that_fails_ends_the_run_and_is_run_again_on_resuming(string command, string said, string tail)
    {
        await using PlanServer server = await PlanServer.Start();
        OutsideException failure = await Assert.ThrowsAsync<OutsideException>(() => Run(server, command).Execute());
        Assert.Contains(said, failure.Message);
        Assert.Contains(tail, failure.Message);
        Assert.False(Directory.Exists(Generation(1)));
        Assert.Equal(60, server.Requests);
        await Assert.ThrowsAsync<OutsideException>(() => Run(server, command).Execute(resume: true));
        Assert.Equal(60, server.Requests);
    }

    [Fact]
    public async Task An_adapter_of_another_base_is_refused()
    {
        await using PlanServer server = await PlanServer.Start();
        OutsideException failure = await Assert.ThrowsAsync<OutsideException>(
            () => Run(server, $"mkdir -p {{output}} && cp {SmallAdapter.Adapter(_folder, "wide", dim: 32)}/* {{output}}").Execute());
        Assert.Contains("does not fit the base's model.layers.0.", failure.Message);
    }

    [Theory]
    [InlineData("train {output} {nonsense}", "'{nonsense}' stands for nothing")]
    [InlineData("train {data}", "without {output}")]
    [InlineData("", "wants --trainer-command")]
    public void A_command_that_cannot_work_is_refused_before_anything_is_done(string command, string said)
    {
        var settings = new RunSettings { Policy = "openai:m", Trainer = new TrainerSettings { Kind = "command", Command = command } };
        Assert.Contains(said, Assert.Throws<InputException>(() => TrainerCatalog.Check(settings)).Message);
    }

    [Theory]
    [InlineData("local")]
    [InlineData("openai:m")]
    public void A_command_may_name_the_base_whoever_answers(string policy) =>
        TrainerCatalog.Check(new RunSettings { Policy = policy, Trainer = new TrainerSettings { Kind = "command", Command = "train {base} {output}" } });

    [Fact]
    public void A_value_is_one_word_of_the_shell_whatever_it_holds() =>
        Assert.Equal("train 'it'\\''s; rm *' plain", new ShellCommand("train {base} {domain}", new Dictionary<string, string> { ["base"] = "it's; rm *", ["domain"] = "plain" }).Line);

    private string Generation(int number) => RunFolder.GenerationOf(_folder.File("run"), "blocksworld", number);

    private ServerRun Run(PlanServer server, string command)
    {
        var run = new ServerRun(_folder.File("run"), server.Url);
        var trainer = new TrainerSettings { Kind = "command", Command = command, Base = _base };
        return With(server, new ServerRun("") { Settings = run.Settings with { Generations = 1, Trainer = trainer } }, run.Options with { LoadsAdapters = true });
    }

    private ServerRun With(PlanServer server, ServerRun run, ServerOptions options) =>
        new(_folder.File("run"), server.Url) { Settings = run.Settings, Options = options };
}
