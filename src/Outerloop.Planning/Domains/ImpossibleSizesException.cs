namespace Outerloop.Planning.Domains;

/// <summary>No task has the sizes that were asked for; the message says why.</summary>
public sealed class ImpossibleSizesException(string message) : ArgumentException(message);
