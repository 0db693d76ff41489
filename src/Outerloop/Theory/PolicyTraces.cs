using Outerloop.Model.Checkpoints;
using Outerloop.Model.Decoder;
using Outerloop.Model.Training;
using Outerloop.Planning.Domains;
using Outerloop.Prompting;
using Outerloop.Storage;
using Outerloop.Tasks;
using Outerloop.Traces;

namespace Outerloop.Theory;

/// <summary>
/// A generation as the policy that it was when deployed, and what it sampled on the pool, token for token. The model at
/// temperature τ is a model of its own: logits are linear in the weights of the final norm, so these are divided by τ.
/// </summary>
/// <param name="Parameters">Of π, temperature included.</param>
/// <param name="Traces">As they are stored, by task and sample.</param>
/// <param name="Sequences">Prompt and tokens of each.</param>
internal sealed record PolicyTraces(
    GenerationRecord Record, Parameters Parameters, IReadOnlyList<Trace> Traces, IReadOnlyList<TrainingSequence> Sequences)
{
    public IReadOnlyList<double> Rewards => [.. Traces.Select(trace => trace.Outcome == Outcome.Valid ? 1.0 : 0)];

    public IEnumerable<int> ValidIndices => Enumerable.Range(0, Traces.Count).Where(i => Traces[i].Outcome == Outcome.Valid);

    public static Parameters AtTemperature(Parameters parameters, double temperature)
    {
        Parameters tempered = parameters.Clone();
        foreach (ref float weight in tempered[tempered.Layout.FinalNorm])
            weight = (float)(weight / temperature);
        return tempered;
    }

    /// <exception cref="InputException">The weights in the folder are others than those that sampled, or their words are.</exception>
    public static PolicyTraces Of(
        string folder, GenerationRecord record, double temperature, PlanningDomain domain, IReadOnlyList<Trace> traces, IReadOnlyDictionary<TaskId, PlanningTask> tasks)
    {
        Checkpoint checkpoint = CheckpointFolder.Load(folder);
        if (checkpoint.WeightsHash != record.Weights || checkpoint.Tokenizer is not { } tokenizer)
            throw new InputException($"{folder}: these are not the weights that this run made");
        var encoder = new ExampleEncoder(domain, tokenizer);
        TrainingSequence[] sequences = [.. traces.Select(trace => Encode(trace, tasks[trace.Id.Task], encoder))];
        return new PolicyTraces(record, AtTemperature(checkpoint.Parameters, temperature), traces, sequences);
    }

    private static TrainingSequence Encode(Trace trace, PlanningTask task, ExampleEncoder encoder)
    {
        TrainingSequence sequence = encoder.EncodeAsSampled(task.Problem, trace.Tokens);
        return sequence.PromptLength == trace.PromptTokens
            ? sequence
            : throw new InputException($"{trace.Id}: its prompt had {trace.PromptTokens} tokens, and now has {sequence.PromptLength}: this program tells tasks in other words than the one that made the run");
    }
}
