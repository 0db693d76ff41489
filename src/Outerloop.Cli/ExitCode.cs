namespace Outerloop.Cli;

/// <summary>What the process says at its end.</summary>
internal static class ExitCode
{
    public const int Done = 0;

    /// <summary>The answer is "no": an invalid plan, for example.</summary>
    public const int No = 1;

    /// <summary>The input or the usage is wrong.</summary>
    public const int WrongInput = 2;

    /// <summary>Something outside failed: a server, a trainer, a disk.</summary>
    public const int OutsideFailed = 3;

    /// <summary>Stopped by Ctrl-C, with everything finished so far kept.</summary>
    public const int Stopped = 130;

    /// <summary>Nobody reads the output any more, as with <c>| head</c>; what shells report of programs that a broken pipe ends.</summary>
    public const int Unread = 141;
}
