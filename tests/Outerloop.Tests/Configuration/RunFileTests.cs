using FsCheck.Xunit;
using Outerloop.Configuration;
using Outerloop.Model.Adapters;
using Outerloop.Model.Training;

namespace Outerloop.Tests.Configuration;

public sealed class RunFileTests
{
    [Fact]
    public void The_defaults_are_printed_and_read_back() =>
        Assert.Equal(RunFile.Print(new RunSettings()), RunFile.Print(RunFile.Parse("run.yaml", RunFile.Print(new RunSettings()))));

    [Property]
    public bool Any_settings_are_printed_and_read_back(ushort tasks, byte samples, int seed, ushort temperature, byte epochs, bool augment)
    {
        var settings = new RunSettings
        {
            Tasks = tasks + 1,
            Samples = samples + 1,
            Seed = seed,
            Temperature = temperature / 6553.6,
            Trainer = new TrainerSettings { Epochs = (epochs + 1) / 3.0, Augment = augment },
        };
        string printed = RunFile.Print(settings);
        return RunFile.Print(RunFile.Parse("run.yaml", printed)) == printed && printed != RunFile.Print(new RunSettings());
    }

    [Theory]
    [InlineData("local:b: 2")]
    [InlineData("local:b #2")]
    [InlineData("local:it's/{here}")]
    [InlineData("local:C:\\models")]
    public void A_policy_in_any_folder_is_printed_and_read_back(string policy)
    {
        var settings = new RunSettings { Policy = policy };
        Assert.Equal(policy, RunFile.Parse("run.yaml", RunFile.Print(settings)).Policy);
    }

    [Fact]
    public void The_settings_of_an_adapter_nest_below_the_trainer()
    {
        TrainerSettings trainer = RunFile.Parse(
            "run.yaml",
            "trainer:\n  kind: lora\n  decay: cosine\n  lora:\n    rank: 8\n    alpha: 16\n    dropout: 0.1\n    targets: [v_proj, q]\n").Trainer;
        Assert.Equal(("lora", LearningRateDecay.Cosine), (trainer.Kind, trainer.Decay));
        Assert.Equal((8, 16, 0.1), (trainer.Lora.Rank, trainer.Lora.Alpha, trainer.Lora.Dropout));
        Assert.Equal([Projection.Query, Projection.Value], trainer.Lora.Targets.AsEnumerable());
        string printed = RunFile.Print(new RunSettings { Trainer = trainer });
        Assert.Equal(printed, RunFile.Print(RunFile.Parse("run.yaml", printed)));
    }

    [Fact]
    public void An_empty_file_means_the_defaults() =>
        Assert.Equal(RunFile.Print(new RunSettings()), RunFile.Print(RunFile.Parse("run.yaml", "# nothing\n")));

    [Theory]
    [InlineData("tasks: 10\ntask: 3\n", "run.yaml:2:1: unknown setting 'task'; did you mean 'tasks'?")]
    [InlineData("tasks: -4\n", "run.yaml:1:8: tasks: -4 is not between 1 and 1000000")]
    [InlineData("tasks: many\n", "run.yaml:1:8: tasks: 'many' is not a whole number")]
    [InlineData("temperature: nan\n", "run.yaml:1:14: temperature: 'nan' is not a number")]
    [InlineData("trainer:\n  epoch: 3\n", "run.yaml:2:3: unknown setting 'trainer.epoch'; did you mean 'trainer.epochs'?")]
    [InlineData("domains: [blockworld]\n", "run.yaml:1:10: domains: unknown domain 'blockworld'; did you mean 'blocksworld'?")]
    [InlineData("policy: 'openai:'\n", "run.yaml:1:9: policy: unknown policy 'openai:'")]
    [InlineData("trainer:\n  kind: slurm\n", "run.yaml:2:9: trainer.kind: slurm is where a trainer runs")]
    [InlineData("trainer:\n  kind: gpro\n", "run.yaml:2:9: trainer.kind: unknown trainer 'gpro'")]
    [InlineData("trainer:\n  lora:\n    rank: 0\n", "run.yaml:3:11: trainer.lora.rank: 0 is not between 1 and 4096")]
    [InlineData("trainer:\n  lora:\n    targets: [q, x]\n", "run.yaml:3:14: trainer.lora.targets: unknown projection 'x'")]
    [InlineData("trainer:\n  decay: cosin\n", "run.yaml:2:10: trainer.decay: unknown decay 'cosin'; did you mean 'cosine'?")]
    [InlineData("curator: shortest\n", "run.yaml:1:10: curator: unknown curator 'shortest'")]
    [InlineData("curator: 'sloppy:2'\n", "run.yaml:1:10: curator: the curator sloppy is written sloppy[:0.5]")]
    [InlineData("verifier:\n  falseAccepts: 2\n", "run.yaml:2:17: verifier.falseAccepts: 2 is not between 0 and 1")]
    [InlineData("tasks: {a: 1}\n", "run.yaml:1:8: tasks wants a single value")]
    [InlineData("? [a, b]\n: 1\n", "run.yaml:1:3: unknown setting ''")]
    [InlineData("- tasks\n", "run.yaml:1:1: a run file is a mapping of settings")]
    [InlineData("tasks: [1\n", "run.yaml:2:1: not YAML")]
    [InlineData("tasks: 1\ntasks: 2\n", "run.yaml:2:")]
    public void A_mistake_is_refused_where_it_stands(string text, string message)
    {
        InputException refusal = Assert.Throws<InputException>(() => RunFile.Parse("run.yaml", text));
        Assert.StartsWith(message, refusal.Message);
        Assert.DoesNotContain('\n', refusal.Message);
    }

    [Fact]
    public void A_missing_file_is_named()
    {
        InputException refusal = Assert.Throws<InputException>(() => RunFile.Read("/nowhere/run.yaml"));
        Assert.StartsWith("/nowhere/run.yaml: cannot read the run file", refusal.Message);
    }
}
