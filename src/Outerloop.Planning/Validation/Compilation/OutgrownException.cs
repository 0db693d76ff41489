namespace Outerloop.Planning.Validation.Compilation;

/// <summary>Ends the validation of a plan that outgrows a limit; it becomes a verdict.</summary>
internal sealed class OutgrownException(string message) : Exception(message)
{
    public static OutgrownException Number() => new("a number outgrows what is computed exactly");
}
