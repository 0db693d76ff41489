namespace Outerloop.Planning.Pddl;

/// <summary>
/// One located error: where, a stable kebab-case code, a message, and the offending line.
/// </summary>
/// <param name="File">The name of the source text.</param>
/// <param name="Line">1-based; CR, LF and CRLF each end a line.</param>
/// <param name="Column">1-based, in UTF-16 units.</param>
/// <param name="Code">Stable and kebab-case, e.g. <c>unknown-predicate</c>.</param>
/// <param name="Message">What is wrong, in one sentence.</param>
/// <param name="SourceLine">The line itself, or a window of a very long one.</param>
/// <param name="CaretColumn">The 1-based column of the error within <paramref name="SourceLine"/>.</param>
/// <param name="Suggestion">A declared name that the author may have meant.</param>
public sealed record Diagnostic(
    string File,
    int Line,
    int Column,
    string Code,
    string Message,
    string SourceLine,
    int CaretColumn,
    string? Suggestion = null)
{
    /// <summary>The message, the line with a caret under the error if there is one, and the suggestion if there is one.</summary>
    public string Render()
    {
        // A tab stays a tab in the padding, so that the caret lands under its character.
        var padding = string.Concat(SourceLine.Take(CaretColumn - 1).Select(c => c == '\t' ? '\t' : ' '));
        var hint = Suggestion is null ? "" : $"\n  did you mean '{Suggestion}'?";
        return SourceLine.Length == 0 ? $"{this}{hint}" : $"{this}\n  {SourceLine}\n  {padding}^{hint}";
    }

    public override string ToString() => $"{File}:{Line}:{Column}: error: {Code}: {Message}";
}
