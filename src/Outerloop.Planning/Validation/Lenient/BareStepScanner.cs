using System.Buffers;
using System.Collections.Immutable;
using Outerloop.Planning.Pddl.Syntax;

namespace Outerloop.Planning.Validation.Lenient;

/// <summary>
/// Reads a stretch of a line as a step without parentheses, <c>pick-up a</c>: after a <see cref="LeadIn"/> exactly the name
/// of a declared action, then names of objects, as many as it takes, then nothing or a remark. The names leave no room for
/// prose: "move the block" has no objects. An action with objects that are too many, too few or partly unknown is
/// neither a step nor surely prose, so that the plan cannot be read.
/// </summary>
internal static class BareStepScanner
{
    private const string Blanks = " \t,";

    private static readonly string[] Remarks = [";", " #", "//", "->", "=>", "→", " - ", " – ", " — ", ": ", " ("];

    private static readonly SearchValues<char> Separators = SearchValues.Create(Blanks);

    public static LenientLine Scan(string line, int from, int to, int lineNumber, PlanNames names)
    {
        var leadIn = LeadIn.Read(line, from, to, names);
        var text = line.AsSpan(leadIn.End, to - leadIn.End);
        var end = EndOfStep(text);
        if (names.Arity(FirstWord(text[..end])) is not { } arity || Words(text[..end]) is not { } words || !words.TrueForAll(IsName))
            return LenientLine.Prose;
        var objects = words.Skip(1).Count(names.IsObject);
        var given = words.Count - 1;
        if (given == arity && objects == arity)
            return new LenientLine(LineKind.Steps, [new PlanStep(words[0], [.. words.Skip(1)], lineNumber, leadIn.End + 1)], leadIn.Number, end < text.Length && HasLetters(text[end..]));
        return objects > 0 && (objects == given || given == arity) ? LenientLine.Broken : LenientLine.Prose;
    }

    private static int EndOfStep(ReadOnlySpan<char> text)
    {
        var end = text.Length;
        foreach (var remark in Remarks)
        {
            var at = text.IndexOf(remark, StringComparison.Ordinal);
            if (at >= 0)
                end = Math.Min(end, at);
        }

        return text[..end].TrimEnd(" \t.,;:`*\"'!]}\\$|").Length;
    }

    private static string FirstWord(ReadOnlySpan<char> text)
    {
        var end = text.IndexOfAny(Separators);
        return (end < 0 ? text : text[..end]).ToString();
    }

    private static List<string> Words(ReadOnlySpan<char> text)
    {
        var words = new List<string>();
        foreach (var range in text.SplitAny(Separators))
        {
            if (!text[range].IsEmpty)
                words.Add(text[range].ToString());
        }

        return words;
    }

    private static bool IsName(string word) => Characters.StartsName(word[0]) && Characters.NameLength(word) == word.Length;

    private static bool HasLetters(ReadOnlySpan<char> text) => text.ContainsAnyInRange('0', 'z');
}
