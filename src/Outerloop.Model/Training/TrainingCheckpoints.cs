namespace Outerloop.Model.Training;

/// <summary>
/// How an unfinished training survives the end of its process. From time to time its whole state (what is trained, AdamW's
/// moments, how far it is) replaces a file, whole or not at all; a training that finds the file goes on from there and ends
/// with the bytes of one that was never stopped. The file stays after the last step: whoever has stored the result deletes it.
/// </summary>
public sealed record TrainingCheckpoints
{
    public required string File { get; init; }

    /// <summary>
    /// Names everything that the result depends on: data, options, seed, first weights. The state of another job is refused.
    /// </summary>
    public required string Job { get; init; }

    /// <summary>Steps from one writing to the next.</summary>
    public int EverySteps { get; init; } = int.MaxValue;

    /// <summary>Time from one writing to the next, looked at after each step.</summary>
    public TimeSpan Every { get; init; } = TimeSpan.FromMinutes(1);

    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Where the next state is written before it takes the file's name.</summary>
    internal string Incoming => File + ".incoming";

    /// <summary>Removes the state, and what a killed writing left.</summary>
    public void Delete()
    {
        System.IO.File.Delete(File);
        System.IO.File.Delete(Incoming);
    }
}
