using System.Globalization;

namespace Outerloop.Training;

/// <summary>
/// A fine-tuning step by step, as CSV in a file beside its generation. A line is with the system before the trainer goes on,
/// so before the trainer keeps its own state; a fine-tuning that goes on from a state drops the lines of the steps that it
/// takes again. Each step is there once, however often the training was interrupted, in this process or before.
/// </summary>
public sealed class TrainingCurveFile(string path) : IDisposable
{
    private const string Columns = "step,tokens,loss,learning_rate,validation_loss";

    private StreamWriter? _writer;
    private int _last;

    /// <summary>The steps that a file has, in order; none where there is no file. A last line without its end is left out.</summary>
    /// <exception cref="InputException">It is no such file; says where.</exception>
    public static IReadOnlyList<TrainingPoint> Read(string path)
    {
        if (!File.Exists(path))
            return [];
        string[] lines = File.ReadAllText(path).Split('\n');
        if (lines.Length > 1 && lines[0] != Columns)
            throw Refusal(path, 1);
        var points = new List<TrainingPoint>();
        for (int i = 1; i < lines.Length - 1; i++)
        {
            TrainingPoint? point = Parse(lines[i]);
            points.Add(point is not null && (points.Count == 0 || point.Step > points[^1].Step) ? point : throw Refusal(path, i + 1));
        }

        return points;
    }

    /// <exception cref="OutsideException">The file cannot be written.</exception>
    public void Append(TrainingStep step)
    {
        try
        {
            if (_writer is null || step.Step <= _last)
                _writer = OpenBefore(step.Step);
            _last = step.Step;
            _writer.Write(Line(new TrainingPoint(step.Step, step.Tokens, step.Loss, step.LearningRate, step.ValidationLoss)));
            _writer.Flush();
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new OutsideException($"{path}: cannot be written: {problem.Message}", problem);
        }
    }

    public void Dispose()
    {
        try
        {
            _writer?.Dispose();
        }
        catch (IOException)
        {
            return; // Append has said it, and what it could not write is not worth a second message
        }
    }

    /// <summary>The file with the steps before one, to go on from there.</summary>
    private StreamWriter OpenBefore(int first)
    {
        _writer?.Dispose();
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        IEnumerable<TrainingPoint> before = Read(path).TakeWhile(point => point.Step < first);
        AtomicFile.Write(path, $"{Columns}\n{string.Concat(before.Select(Line))}");
        return new StreamWriter(path, append: true);
    }

    private static string Line(TrainingPoint point) => string.Create(
        CultureInfo.InvariantCulture, $"{point.Step},{point.Tokens},{point.Loss:R},{point.LearningRate:R},{point.ValidationLoss:R}\n");

    private static TrainingPoint? Parse(string line)
    {
        string[] cells = line.Split(',');
        double? validation = null;
        if (cells.Length == 5 && cells[4].Length > 0)
            validation = Number(cells[4]);
        return cells.Length == 5
            && int.TryParse(cells[0], NumberStyles.None, CultureInfo.InvariantCulture, out int step)
            && long.TryParse(cells[1], NumberStyles.None, CultureInfo.InvariantCulture, out long tokens)
            && Number(cells[2]) is { } loss && Number(cells[3]) is { } rate && (validation is not null || cells[4].Length == 0)
            ? new TrainingPoint(step, tokens, loss, rate, validation)
            : null;
    }

    private static double? Number(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) ? value : null;

    private static InputException Refusal(string path, int line) =>
        new($"{path}:{line}: not a line of a training's curve; delete the file to go without it");
}
