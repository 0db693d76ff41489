namespace Outerloop;

/// <summary>The input or the usage is wrong: the user can mend it. Exit code 2.</summary>
public sealed class InputException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>Something outside the program failed: a disk, a server, a trainer. Exit code 3.</summary>
public sealed class OutsideException(string message, Exception? inner = null) : Exception(message, inner);
