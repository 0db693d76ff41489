namespace Outerloop.Cli;

/// <summary>This program, to be started again as another process.</summary>
internal static class OwnProgram
{
    /// <summary>The program's file and the arguments that come before its own; the first is dotnet where that runs it.</summary>
    public static string[] Command(params IEnumerable<string> arguments)
    {
        string[] program = Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? [Environment.GetCommandLineArgs()[0]] : [];
        return [Environment.ProcessPath!, .. program, .. arguments];
    }
}
