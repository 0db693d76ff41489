using System.Text.Json;

namespace Outerloop.Training.Commands;

/// <summary>
/// Listens to a trainer: reads the lines that are JSON objects with <c>step</c> and <c>steps</c>, and <c>tokens</c>,
/// <c>loss</c>, <c>learningRate</c> and <c>validationLoss</c> if they like, as progress.
/// </summary>
internal sealed class TrainerLog(IProgress<TrainingStep> progress)
{
    public TrainingStep Last { get; private set; } = new(0, 0, 0, 0, 0);

    public double? ValidationLoss { get; private set; }

    public void Hear(string line)
    {
        if (!line.StartsWith('{') || !line.Contains("\"step\"", StringComparison.Ordinal))
            return;
        try
        {
            using JsonDocument document = JsonDocument.Parse(line);
            JsonElement said = document.RootElement;
            double? held = said.TryGetProperty("validationLoss", out JsonElement loss) && loss.ValueKind == JsonValueKind.Number ? loss.GetDouble() : null;
            Last = new TrainingStep(
                (int)Number(said, "step", Last.Step), (int)Number(said, "steps", Last.Steps), (long)Number(said, "tokens", Last.Tokens), Number(said, "loss", Last.Loss), Number(said, "learningRate", Last.LearningRate), held);
            ValidationLoss = held ?? ValidationLoss;
            progress.Report(Last);
        }
        catch (JsonException)
        {
            return; // a line that only looks like ours; it stands in the log
        }
    }

    private static double Number(JsonElement said, string name, double otherwise) =>
        said.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : otherwise;
}
