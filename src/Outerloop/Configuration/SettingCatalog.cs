using System.Collections.Immutable;
using Outerloop.Curation;
using Outerloop.Planning.Domains;

namespace Outerloop.Configuration;

/// <summary>All settings of a run, in the order in which a run file lists them.</summary>
public static class SettingCatalog
{
    private const int Many = 1_000_000;

    public static ImmutableArray<Setting> All { get; } =
    [
        new("domains", "planning domains, one run of generations each", s => string.Join(',', s.Domains), (s, text) => s with { Domains = ReadDomains(text) }),
        Setting.Whole("tasks", "tasks in the pool of each domain", (1, Many), s => s.Tasks, (s, v) => s with { Tasks = (int)v }),
        Setting.Whole("heldOut", "held-out tasks", (0, Many), s => s.HeldOut, (s, v) => s with { HeldOut = (int)v }),
        Setting.Whole("larger", "tasks larger than the pool's", (0, Many), s => s.Larger, (s, v) => s with { Larger = (int)v }),
        Setting.Whole("generations", "number of fine-tunings", (0, 1000), s => s.Generations, (s, v) => s with { Generations = (int)v }),
        Setting.Whole("samples", "traces per pool task and generation", (1, 1024), s => s.Samples, (s, v) => s with { Samples = (int)v }),
        Setting.Real("temperature", "sampling temperature; 0 is greedy", (0, 10), s => s.Temperature, (s, v) => s with { Temperature = v }),
        Setting.Whole("maxNewTokens", "longest trace in tokens", (1, Many), s => s.MaxNewTokens, (s, v) => s with { MaxNewTokens = (int)v }),
        Setting.Whole("seed", "drives tasks, sampling and training order", (long.MinValue, long.MaxValue), s => s.Seed, (s, v) => s with { Seed = v }),
        Setting.Word("policy", "who answers: local, or local:FOLDER", s => s.Policy, (s, text) => s with { Policy = ReadPolicy(text) }),
        Setting.Word("curator", "which valid traces are kept", s => s.Curator, (s, text) => s with { Curator = ReadCurator(text) }),
        Setting.Word("trainer.kind", "who fine-tunes: local", s => s.Trainer.Kind, (s, text) => s with { Trainer = s.Trainer with { Kind = ReadTrainer(text) } }),
        Setting.Real("trainer.epochs", "passes over the curated traces", (0.01, 1000), s => s.Trainer.Epochs, (s, v) => s with { Trainer = s.Trainer with { Epochs = v } }),
        Setting.Whole("trainer.minSteps", "at least so many optimiser steps", (0, Many), s => s.Trainer.MinSteps, (s, v) => s with { Trainer = s.Trainer with { MinSteps = (int)v } }),
        Setting.Real("trainer.learningRate", "peak learning rate of AdamW", (0, 1), s => s.Trainer.LearningRate, (s, v) => s with { Trainer = s.Trainer with { LearningRate = v } }),
        Setting.Whole("trainer.batchTokens", "tokens in a batch", (64, Many), s => s.Trainer.BatchTokens, (s, v) => s with { Trainer = s.Trainer with { BatchTokens = (int)v } }),
        Setting.Real("trainer.warmUp", "share of the steps with rising learning rate", (0, 1), s => s.Trainer.WarmUp, (s, v) => s with { Trainer = s.Trainer with { WarmUp = v } }),
        Setting.Flag("trainer.augment", "rename objects and reorder facts in each pass", s => s.Trainer.Augment, (s, v) => s with { Trainer = s.Trainer with { Augment = v } }),
    ];

    public static Setting? Find(string key) => All.FirstOrDefault(setting => setting.Key == key);

    private static ImmutableArray<string> ReadDomains(string text)
    {
        ImmutableArray<string> names = [.. text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Distinct()];
        if (names.IsEmpty)
            throw new FormatException("name at least one domain");
        foreach (string name in names)
        {
            if (DomainCatalog.Find(name) is null)
                throw new FormatException(Choice.Unknown("domain", name, DomainCatalog.All.Select(domain => domain.Name)));
        }

        return names;
    }

    private static string ReadPolicy(string text)
    {
        if (text == "local" || (text.StartsWith("local:", StringComparison.Ordinal) && text.Length > "local:".Length))
            return text;
        throw new FormatException(text.StartsWith("openai:", StringComparison.Ordinal)
            ? "policies on a server (openai:MODEL) are not built yet; use local or local:FOLDER"
            : Choice.Unknown("policy", text, ["local", "local:FOLDER"]));
    }

    private static string ReadCurator(string text) =>
        CuratorCatalog.Find(text) is not null
            ? text
            : throw new FormatException(Choice.Unknown("curator", text, CuratorCatalog.All.Select(curator => curator.Name)));

    private static string ReadTrainer(string text) => text switch
    {
        "local" => text,
        "command" or "slurm" or "reinforce" or "grpo" => throw new FormatException($"the trainer '{text}' is not built yet; use local"),
        _ => throw new FormatException(Choice.Unknown("trainer", text, ["local"])),
    };
}
