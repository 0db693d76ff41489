using System.Text.Encodings.Web;
using System.Text.Json;
using Outerloop.Prompting;

namespace Outerloop.Training.Commands;

/// <summary>The examples of a fine-tuning as other programs read them: JSON lines of <c>messages</c>, with where each comes from.</summary>
internal static class TrainingData
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Write(string path, IReadOnlyList<TrainingExample> examples, IPromptFormat format) =>
        AtomicFile.Write(path, string.Concat(examples.Select(example => Line(example, format) + "\n")));

    private static string Line(TrainingExample example, IPromptFormat format) => JsonSerializer.Serialize(
        new
        {
            messages = new[]
            {
                new { role = "user", content = format.Prompt(example.Task.Problem) },
                new { role = "assistant", content = example.Trace.Text },
            },
            provenance = new
            {
                trace = example.Trace.Id.ToString(),
                generation = example.Trace.Id.Generation,
                task = example.Task.Id.Number,
                weights = example.Trace.BehaviourWeights,
                planSteps = example.Trace.PlanSteps,
            },
        },
        Plain);
}
