namespace Outerloop.Training.Commands;

/// <summary>How a trainer's command ended.</summary>
/// <param name="Tail">The end of what it said.</param>
/// <param name="Log">The file that has all of it.</param>
public sealed record TrainerEnd(int ExitCode, string Tail, string Log)
{
    /// <summary>Says what is wrong with it.</summary>
    internal OutsideException Failure(TrainingJob job, string what) =>
        new($"{job.Domain}, generation {job.Generation}: {what}; its log is {Log}{(Tail.Length == 0 ? "" : $", the end of it:\n{Tail}")}");
}

/// <summary>Where the commands of trainers run.</summary>
public interface ITrainerHost
{
    /// <summary>Runs a command to its end. A cancellation ends it.</summary>
    /// <param name="job">What it is for.</param>
    /// <param name="command">The line.</param>
    /// <param name="heard">Is told each line that it prints.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="OutsideException">It cannot be run.</exception>
    Task<TrainerEnd> Run(TrainingJob job, ShellCommand command, Action<string> heard, CancellationToken cancellation);
}

/// <summary>This machine.</summary>
public sealed class LocalTrainerHost : ITrainerHost
{
    public async Task<TrainerEnd> Run(TrainingJob job, ShellCommand command, Action<string> heard, CancellationToken cancellation)
    {
        string file = job.OutputFolder + ".log";
        using var log = new StreamWriter(file, append: true);
        ShellResult ended = await command.Run(
            line =>
            {
                log.WriteLine(line);
                heard(line);
            },
            cancellation);
        return new TrainerEnd(ended.ExitCode, ended.Tail, file);
    }
}
