namespace Outerloop.Planning.Pddl.Syntax;

/// <summary>
/// The parenthesised structure of a text: where each of its lists ends, in reading order. Tokens take no room here; they
/// are read again from the text where someone asks for them. Nothing here recurses, however deep the text nests.
/// </summary>
internal sealed record SyntaxTree(SyntaxNode Root)
{
    /// <summary>What is known of a list besides its first character.</summary>
    /// <param name="End">Offset behind its last character.</param>
    /// <param name="Next">Number of the first list after it that is not inside it.</param>
    internal readonly record struct List(int End, int Next);
}
