namespace Outerloop.Planning.Validation.Lenient;

/// <summary>Lines that say a plan follows, so that what stands before them is an earlier attempt.</summary>
internal static class Announcement
{
    private const int Longest = 120;

    private static readonly string[] Words = ["plan", "answer", "solution", "actions", "steps", "option", "alternative", "attempt", "sequence"];

    private static readonly string[] Restarts = ["start over", "try again", "from scratch", "restart"];

    /// <summary>A tag such as <c>&lt;plan&gt;</c>, a short heading that names a plan (marked as one, or with a colon at its end), or "let me start over".</summary>
    public static bool Is(ReadOnlySpan<char> line)
    {
        if (line.Length > Longest)
            return false;
        if (line[0] == '<')
            return line[^1] == '>' && line[1] != '/' && NamesPlan(line);
        var marked = line[0] == '#' || line.StartsWith("**") || line.StartsWith("\\boxed") || line.TrimEnd("*_ ").EndsWith(":");
        return (marked && (NamesPlan(line) || line[0] == '\\')) || Contains(line, Restarts);
    }

    /// <summary>Where a line goes on after <c>Here is the plan:</c> or <c>"plan": </c>; null if it does not begin so.</summary>
    public static int? End(ReadOnlySpan<char> line)
    {
        var end = line.IndexOfAny(':', '=', '(');
        return end >= 0 && end < Longest && line[end] != '(' && NamesPlan(line[..end]) ? end + 1 : null;
    }

    private static bool NamesPlan(ReadOnlySpan<char> line) => Contains(line, Words);

    /// <summary>Whether a word begins with one of the given.</summary>
    private static bool Contains(ReadOnlySpan<char> line, string[] words)
    {
        foreach (var word in words)
        {
            var at = line.IndexOf(word, StringComparison.OrdinalIgnoreCase);
            if (at >= 0 && (at == 0 || !char.IsAsciiLetter(line[at - 1])))
                return true;
        }

        return false;
    }
}
