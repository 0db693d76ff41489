using System.Runtime.InteropServices;

namespace Outerloop.Cli.Commands.Bench;

/// <summary>What figures depend on besides the program.</summary>
internal sealed record Machine(int Processors, string Architecture, string Framework, string System)
{
    public static Machine Here() => new(
        Environment.ProcessorCount,
        RuntimeInformation.ProcessArchitecture.ToString(),
        RuntimeInformation.FrameworkDescription,
        RuntimeInformation.OSDescription);
}
