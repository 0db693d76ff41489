using System.Collections.Immutable;
using System.Globalization;
using Outerloop.Model.Checkpoints;
using Outerloop.Model.Decoder;

namespace Outerloop.Model.Training;

/// <summary>
/// The file of an unfinished training: a safetensors file of what is trained (<c>value.NAME</c>) and AdamW's moments
/// (<c>first.NAME</c>, <c>second.NAME</c>), with the job and the totals in its metadata.
/// </summary>
internal sealed class TrainingState(TrainingCheckpoints place, ImmutableArray<TensorSlot> slots, float[] values, Optimiser optimiser)
{
    private const string Remedy = "delete the file to begin this training again";

    private int _writtenAt;
    private long _writtenTime = place.Clock.GetTimestamp();

    /// <summary>The state in the file, if there is one, in place of the present one.</summary>
    /// <exception cref="CheckpointException">The file is damaged or belongs to another job.</exception>
    public TrainingTotals Restore()
    {
        if (!File.Exists(place.File))
            return TrainingTotals.None;
        using SafetensorsFile file = SafetensorsFile.Open(place.File);
        if (file.Metadata.GetValueOrDefault("job") != place.Job)
            throw new CheckpointException(place.File, "is the state of another training", Remedy);
        foreach (TensorSlot slot in slots)
        {
            Read(file, "value." + slot.Name, slot, values.AsSpan(slot.Range));
            Read(file, "first." + slot.Name, slot, optimiser.FirstMoment.Span[slot.Range]);
            Read(file, "second." + slot.Name, slot, optimiser.SecondMoment.Span[slot.Range]);
        }

        TrainingTotals totals = Totals(file);
        optimiser.Steps = _writtenAt = totals.Steps;
        return totals;
    }

    /// <summary>Writes the state if it is time to.</summary>
    public void WriteWhenDue(TrainingTotals totals)
    {
        if (totals.Steps - _writtenAt >= place.EverySteps || place.Clock.GetElapsedTime(_writtenTime) >= place.Every)
            Write(totals);
    }

    /// <summary>Writes the state unless the file has it already.</summary>
    /// <exception cref="CheckpointException">The file cannot be written; what it held is still there.</exception>
    public void Write(TrainingTotals totals)
    {
        if (totals.Steps == _writtenAt)
            return;
        try
        {
            using (var stream = new FileStream(place.Incoming, FileMode.Create, FileAccess.Write))
            {
                SafetensorsWriter.Write(stream, [.. Tensors()], TensorType.F32, Metadata(totals));
                stream.Flush(flushToDisk: true);
            }

            File.Move(place.Incoming, place.File, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CheckpointException(place.File, $"cannot be written: {e.Message}", "check free space and permissions", e);
        }

        _writtenAt = totals.Steps;
        _writtenTime = place.Clock.GetTimestamp();
    }

    private static void Read(SafetensorsFile file, string name, TensorSlot slot, Span<float> destination)
    {
        TensorEntry? entry = file.Find(name);
        if (entry is not { Type: TensorType.F32 } || !entry.Shape.SequenceEqual(slot.Shape.Select(extent => (long)extent)))
            throw new CheckpointException(file.Path, $"tensor '{name}' is missing or has another shape", Remedy);
        file.Read(entry, destination);
    }

    private static TrainingTotals Totals(SafetensorsFile file)
    {
        T Number<T>(string name)
            where T : IParsable<T> =>
            T.TryParse(file.Metadata.GetValueOrDefault(name), CultureInfo.InvariantCulture, out T? value)
                ? value
                : throw new CheckpointException(file.Path, $"its metadata have no number '{name}'", Remedy);
        return new TrainingTotals(
            Number<int>("steps"), Number<long>("tokens"), Number<long>("lossTokens"), Number<double>("finalLoss"),
            Number<double>("recentLoss"), Number<int>("recentSteps"));
    }

    private IEnumerable<StoredTensor> Tensors() =>
    [
        .. StoredTensor.Of(slots, values, "value."),
        .. slots.Select(slot => new StoredTensor("first." + slot.Name, slot.Shape, () => optimiser.FirstMoment.Span[slot.Range])),
        .. slots.Select(slot => new StoredTensor("second." + slot.Name, slot.Shape, () => optimiser.SecondMoment.Span[slot.Range])),
    ];

    private ImmutableDictionary<string, string> Metadata(TrainingTotals totals)
    {
        static string Text(IFormattable number) => number.ToString(null, CultureInfo.InvariantCulture);
        return new Dictionary<string, string>
        {
            ["job"] = place.Job,
            ["steps"] = Text(totals.Steps),
            ["tokens"] = Text(totals.Tokens),
            ["lossTokens"] = Text(totals.LossTokens),
            ["finalLoss"] = Text(totals.FinalLoss),
            ["recentLoss"] = Text(totals.RecentLoss),
            ["recentSteps"] = Text(totals.RecentSteps),
        }.ToImmutableDictionary();
    }
}
