namespace Outerloop.Slurm;

/// <summary>
/// The batch script of a job: a command in a template. A template of the user's says in <c>#SBATCH</c> lines which partition,
/// processors and time it wants, and has <c>{command}</c> where the command is to stand.
/// </summary>
public sealed class JobScript
{
    private const string Plain = "#!/bin/sh\n{command}\n";

    private readonly string _template;

    private JobScript(string template) => _template = template;

    /// <summary>Nothing but the command; what it wants can be in the environment (<c>SBATCH_PARTITION</c>, …).</summary>
    public static JobScript Standard { get; } = new(Plain);

    /// <exception cref="InputException">It cannot be read, or lacks the command.</exception>
    public static JobScript Read(string file)
    {
        string text;
        try
        {
            text = File.ReadAllText(file);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{file}: cannot read the batch script: {problem.Message}", problem);
        }

        if (!text.StartsWith("#!", StringComparison.Ordinal))
            throw new InputException($"{file}:1: a batch script begins with #!, '#!/bin/bash' for example");
        return text.Contains("{command}", StringComparison.Ordinal)
            ? new JobScript(text)
            : throw new InputException($"{file}: {{command}} has to stand where the command is to run");
    }

    /// <param name="line">A command line of the shell.</param>
    public string Of(string line) => _template.Replace("{command}", line, StringComparison.Ordinal);
}
