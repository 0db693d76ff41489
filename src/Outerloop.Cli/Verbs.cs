using System.CommandLine;

namespace Outerloop.Cli;

/// <summary>Verbs that are built when they are asked for: to build them all takes longer than to validate a plan.</summary>
internal static class Verbs
{
    /// <summary>The verb that is asked for, or all of them where it is none.</summary>
    public static IEnumerable<Command> Of(string? asked, params (string Name, Func<Command> Create)[] verbs)
    {
        bool known = verbs.Any(verb => verb.Name == asked);
        return verbs.Where(verb => !known || verb.Name == asked).Select(verb => verb.Create());
    }
}
