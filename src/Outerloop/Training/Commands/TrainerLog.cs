using System.Text.Json;

namespace Outerloop.Training.Commands;

/// <summary>
/// Listens to a trainer: keeps its lines in a file, and reads those that are JSON objects with <c>step</c> and
/// <c>steps</c>, and <c>tokens</c>, <c>loss</c> and <c>learningRate</c> if they like, as progress.
/// </summary>
internal sealed class TrainerLog(string file, IProgress<TrainingStep> progress) : IDisposable
{
    private readonly StreamWriter _log = new(file, append: true);

    public TrainingStep Last { get; private set; } = new(0, 0, 0, 0, 0);

    public double? ValidationLoss { get; private set; }

    public void Hear(string line)
    {
        _log.WriteLine(line);
        if (!line.StartsWith('{') || !line.Contains("\"step\"", StringComparison.Ordinal))
            return;
        try
        {
            using JsonDocument document = JsonDocument.Parse(line);
            JsonElement said = document.RootElement;
            Last = new TrainingStep(
                (int)Number(said, "step", Last.Step), (int)Number(said, "steps", Last.Steps), (long)Number(said, "tokens", Last.Tokens), Number(said, "loss", Last.Loss), Number(said, "learningRate", Last.LearningRate));
            if (said.TryGetProperty("validationLoss", out JsonElement held) && held.ValueKind == JsonValueKind.Number)
                ValidationLoss = held.GetDouble();
            progress.Report(Last);
        }
        catch (JsonException)
        {
            return; // a line that only looks like ours; it stands in the log
        }
    }

    public void Dispose() => _log.Dispose();

    private static double Number(JsonElement said, string name, double otherwise) =>
        said.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : otherwise;
}
