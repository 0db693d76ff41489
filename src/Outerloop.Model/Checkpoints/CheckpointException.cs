namespace Outerloop.Model.Checkpoints;

/// <summary>
/// A checkpoint's file is missing, damaged, or not what this program can run. The message names the file, what is wrong
/// with it and what to do.
/// </summary>
public sealed class CheckpointException : Exception
{
    public CheckpointException(string file, string problem, string remedy, Exception? cause = null)
        : base($"{file}: {problem}; {remedy}", cause)
    {
        File = file;
        Problem = problem;
    }

    /// <summary>The file or folder at fault.</summary>
    public string File { get; }

    public string Problem { get; }
}
