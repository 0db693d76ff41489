using System.Collections.Immutable;
using Outerloop.Model.Adapters;
using Outerloop.Model.Training;

namespace Outerloop.Configuration;

/// <summary>
/// Everything that decides the result of a run. Two runs with equal settings, of the same base, on the same kind of
/// processor give the same bytes; the number of threads is not among the settings because it changes nothing.
/// </summary>
public sealed record RunSettings
{
    public ImmutableArray<string> Domains { get; init; } = ["blocksworld"];

    /// <summary>Tasks in the pool of each domain: what a generation is deployed on.</summary>
    public int Tasks { get; init; } = 1000;

    /// <summary>Tasks of the pool's sizes that no generation is trained on.</summary>
    public int HeldOut { get; init; } = 200;

    /// <summary>Tasks larger than the pool's, never trained on.</summary>
    public int Larger { get; init; } = 100;

    /// <summary>N: generations 0 … N are deployed, so N fine-tunings happen.</summary>
    public int Generations { get; init; } = 5;

    /// <summary>Traces per pool task and generation.</summary>
    public int Samples { get; init; } = 1;

    /// <summary>Sampling temperature of the deployment; 0 is greedy.</summary>
    public double Temperature { get; init; } = 1;

    /// <summary>Longest trace in tokens; a trace that reaches it is <c>Truncated</c>.</summary>
    public int MaxNewTokens { get; init; } = 192;

    /// <summary>Drives tasks, sampling and training order.</summary>
    public long Seed { get; init; }

    /// <summary>Who answers: <c>local</c> for the base that comes with the program, <c>local:FOLDER</c>, or <c>openai:MODEL</c> on servers.</summary>
    public string Policy { get; init; } = "local";

    public string Curator { get; init; } = Curation.CuratorCatalog.Default;

    public PromptSettings Prompt { get; init; } = new();

    public VerifierSettings Verifier { get; init; } = new();

    public TrainerSettings Trainer { get; init; } = new();
}

/// <summary>How a model on a server is asked.</summary>
/// <param name="Template">A file with the words of the question, <c>standard</c>, or <c>words</c> for the language of the small models.</param>
/// <param name="Example">Whether it is shown a solved problem of the domain.</param>
/// <param name="Obfuscate">Whether all names are disguised: a control for domains that the model has read about.</param>
public sealed record PromptSettings(string Template = Prompting.PromptTemplate.StandardName, bool Example = false, bool Obfuscate = false);

/// <summary>How often the verifier's word to the loop is false; reports tell the truth all the same.</summary>
/// <param name="FalseAccepts">Share of the invalid plans that are accepted.</param>
/// <param name="FalseRejects">Share of the valid plans that are rejected.</param>
public sealed record VerifierSettings(double FalseAccepts = 0, double FalseRejects = 0);

/// <summary>How the next generation is fine-tuned.</summary>
public sealed record TrainerSettings
{
    public const string Local = "local";

    public const string LowRank = "lora";

    /// <summary>Which trainer: a name of <see cref="Training.TrainerCatalog"/>.</summary>
    public string Kind { get; init; } = Local;

    /// <summary>The line of the trainer <c>command</c>, with placeholders.</summary>
    public string Command { get; init; } = "";

    /// <summary>What its <c>{base}</c> is, or for a trainer in this process the folder of a served model's weights; empty for the policy's model.</summary>
    public string Base { get; init; } = "";

    /// <summary>Passes over the curated traces.</summary>
    public double Epochs { get; init; } = 10;

    /// <summary>At least so many optimiser steps, however few the traces.</summary>
    public int MinSteps { get; init; } = 40;

    /// <summary>
    /// Tokens that a fine-tuning reads, prompts included, whatever it learns from, as nearly as whole steps allow; so trainers and
    /// curators can be compared at equal cost. 0 leaves the steps to <see cref="Epochs"/> and <see cref="MinSteps"/>.
    /// </summary>
    public long Tokens { get; init; }

    public double LearningRate { get; init; } = 5e-4;

    /// <summary>Tokens in a batch, prompts included.</summary>
    public int BatchTokens { get; init; } = 1400;

    /// <summary>Share of the steps over which the learning rate rises from zero.</summary>
    public double WarmUp { get; init; } = 0.05;

    /// <summary>How the learning rate falls to zero at the end.</summary>
    public LearningRateDecay Decay { get; init; } = LearningRateDecay.Linear;

    /// <summary>Share of the steps, at the end, over which it falls.</summary>
    public double DecayPart { get; init; } = 0.5;

    public double WeightDecay { get; init; } = 0.01;

    /// <summary>Largest norm of the gradient.</summary>
    public double Clip { get; init; } = 1;

    /// <summary>Share of the curated traces that is held out of the fine-tuning, for its loss on them.</summary>
    public double Validation { get; init; }

    /// <summary>ε of grpo: a token is pushed no further once its ratio to the policy that sampled it is beyond 1 ± ε.</summary>
    public double RatioClip { get; init; } = 0.2;

    /// <summary>The adapter of the trainer <c>lora</c>.</summary>
    public LoraOptions Lora { get; init; } = new();

    /// <summary>
    /// Whether each pass over the traces renames the objects and reorders the facts of the prompt at random; both
    /// leave the task the same.
    /// </summary>
    public bool Augment { get; init; } = true;
}
