using System.Collections.Immutable;
using Outerloop.Curation;
using Outerloop.Model.Adapters;
using Outerloop.Model.Training;
using Outerloop.Planning.Domains;
using Outerloop.Policies;
using Outerloop.Training;
using Outerloop.Training.Commands;

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
        Setting.Word("policy", $"who answers: {string.Join(", ", PolicyCatalog.Forms)}", s => s.Policy, (s, text) => s with { Policy = PolicyCatalog.Read(text) }),
        Setting.Word("prompt.template", "a file with the words of the question to a server's model, standard, or words for one of the small models", s => s.Prompt.Template, (s, text) => s with { Prompt = s.Prompt with { Template = text } }),
        Setting.Flag("prompt.example", "show it a solved problem of the domain", s => s.Prompt.Example, (s, v) => s with { Prompt = s.Prompt with { Example = v } }),
        Setting.Flag("prompt.obfuscate", "disguise all names: a control for domains that it has read about", s => s.Prompt.Obfuscate, (s, v) => s with { Prompt = s.Prompt with { Obfuscate = v } }),
        Setting.Word("curator", $"which traces are kept: {string.Join(", ", CuratorCatalog.All.Select(curator => curator.Form))}", s => s.Curator, (s, text) => s with { Curator = ReadCurator(text) }),
        Setting.Real("verifier.falseAccepts", "share of the invalid plans that the loop is told are valid", (0, 1), s => s.Verifier.FalseAccepts, (s, v) => s with { Verifier = s.Verifier with { FalseAccepts = v } }),
        Setting.Real("verifier.falseRejects", "share of the valid plans that the loop is told are invalid", (0, 1), s => s.Verifier.FalseRejects, (s, v) => s with { Verifier = s.Verifier with { FalseRejects = v } }),
        Setting.Word("trainer.kind", $"how the next generation is made: {string.Join(", ", TrainerCatalog.All.Select(kind => kind.Name))}", s => s.Trainer.Kind, (s, text) => s with { Trainer = s.Trainer with { Kind = ReadTrainer(text) } }),
        Setting.Word("trainer.command", $"the line of the trainer command, with {string.Join(", ", CommandTrainer.Placeholders.Select(name => $"{{{name}}}"))}", s => s.Trainer.Command, (s, text) => s with { Trainer = s.Trainer with { Command = text } }),
        Setting.Word("trainer.base", "what its {base} is, where not the policy's model; of a model on a server that is trained here, the folder of its weights", s => s.Trainer.Base, (s, text) => s with { Trainer = s.Trainer with { Base = text } }),
        Setting.Real("trainer.epochs", "passes over the curated traces", (0.01, 1000), s => s.Trainer.Epochs, (s, v) => s with { Trainer = s.Trainer with { Epochs = v } }),
        Setting.Whole("trainer.minSteps", "at least so many optimiser steps", (0, Many), s => s.Trainer.MinSteps, (s, v) => s with { Trainer = s.Trainer with { MinSteps = (int)v } }),
        Setting.Whole("trainer.tokens", "tokens that a fine-tuning reads, in place of epochs and minSteps; 0 for those", (0, 1_000_000_000_000), s => s.Trainer.Tokens, (s, v) => s with { Trainer = s.Trainer with { Tokens = v } }),
        Setting.Real("trainer.learningRate", "peak learning rate of AdamW", (0, 1), s => s.Trainer.LearningRate, (s, v) => s with { Trainer = s.Trainer with { LearningRate = v } }),
        Setting.Whole("trainer.batchTokens", "tokens in a batch", (64, Many), s => s.Trainer.BatchTokens, (s, v) => s with { Trainer = s.Trainer with { BatchTokens = (int)v } }),
        Setting.Real("trainer.warmUp", "share of the steps with rising learning rate", (0, 1), s => s.Trainer.WarmUp, (s, v) => s with { Trainer = s.Trainer with { WarmUp = v } }),
        Setting.Flag("trainer.augment", "rename objects and reorder facts in each pass", s => s.Trainer.Augment, (s, v) => s with { Trainer = s.Trainer with { Augment = v } }),
        Setting.Word("trainer.decay", "how the learning rate falls at the end: linear, cosine or none", s => DecayName(s.Trainer.Decay), (s, text) => s with { Trainer = s.Trainer with { Decay = ReadDecay(text) } }),
        Setting.Real("trainer.decayPart", "share of the steps over which it falls", (0, 1), s => s.Trainer.DecayPart, (s, v) => s with { Trainer = s.Trainer with { DecayPart = v } }),
        Setting.Real("trainer.weightDecay", "weight decay of AdamW", (0, 1), s => s.Trainer.WeightDecay, (s, v) => s with { Trainer = s.Trainer with { WeightDecay = v } }),
        Setting.Real("trainer.clip", "largest norm of the gradient", (1e-6, 1e6), s => s.Trainer.Clip, (s, v) => s with { Trainer = s.Trainer with { Clip = v } }),
        Setting.Real("trainer.validation", "share of the curated traces held out for the validation loss", (0, 0.9), s => s.Trainer.Validation, (s, v) => s with { Trainer = s.Trainer with { Validation = v } }),
        Setting.Real("trainer.ratioClip", "how far grpo moves a token's probability ratio from 1", (1e-3, 10), s => s.Trainer.RatioClip, (s, v) => s with { Trainer = s.Trainer with { RatioClip = v } }),
        Setting.Whole("trainer.lora.rank", "rank of the adapter of lora", (1, 4096), s => s.Trainer.Lora.Rank, (s, v) => WithLora(s, s.Trainer.Lora with { Rank = (int)v })),
        Setting.Real("trainer.lora.alpha", "its scale times its rank", (1e-6, 1e6), s => s.Trainer.Lora.Alpha, (s, v) => WithLora(s, s.Trainer.Lora with { Alpha = v })),
        Setting.Real("trainer.lora.dropout", "dropout of its inputs", (0, 0.99), s => s.Trainer.Lora.Dropout, (s, v) => WithLora(s, s.Trainer.Lora with { Dropout = v })),
        Setting.Word("trainer.lora.targets", "the projections that it adapts", s => string.Join(',', s.Trainer.Lora.Targets.Select(ShortName)), (s, text) => WithLora(s, s.Trainer.Lora with { Targets = ReadTargets(text) })),
    ];

    public static Setting? Find(string key) => All.FirstOrDefault(setting => setting.Key == key);

    private static RunSettings WithLora(RunSettings settings, LoraOptions lora) =>
        settings with { Trainer = settings.Trainer with { Lora = lora } };

    private static string DecayName(LearningRateDecay decay) => decay.ToString().ToLowerInvariant();

    private static LearningRateDecay ReadDecay(string text)
    {
        foreach (LearningRateDecay decay in Enum.GetValues<LearningRateDecay>())
        {
            if (DecayName(decay) == text)
                return decay;
        }

        throw new FormatException(Choice.Unknown("decay", text, Enum.GetValues<LearningRateDecay>().Select(DecayName)));
    }

    /// <summary><c>q</c> for <c>q_proj</c>.</summary>
    private static string ShortName(Projection projection) => projection.Name()[..^"_proj".Length];

    private static ImmutableArray<Projection> ReadTargets(string text)
    {
        string[] names = [.. text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)];
        foreach (string name in names)
        {
            if (!Projections.All.Any(projection => name == ShortName(projection) || name == projection.Name()))
                throw new FormatException(Choice.Unknown("projection", name, Projections.All.Select(ShortName)));
        }

        return names.Length > 0
            ? [.. Projections.All.Where(projection => names.Contains(ShortName(projection)) || names.Contains(projection.Name()))]
            : throw new FormatException("name at least one projection");
    }

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

    private static string ReadCurator(string text)
    {
        _ = CuratorCatalog.Create(text, new Seed(0));
        return text;
    }

    private static string ReadTrainer(string text) => TrainerCatalog.Find(text).Name;
}
