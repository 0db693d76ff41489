namespace Outerloop.Planning.Pddl;

/// <summary>Did you mean: the declared name with the fewest edits from a misspelt one.</summary>
public static class Suggestion
{
    private const int MostCandidates = 10_000;
    private const int LongestName = 64;

    /// <summary>The nearest candidate within a third of the name's length (at least one edit), or null.</summary>
    public static string? For(string name, IEnumerable<string> candidates)
    {
        if (name.Length is 0 or > LongestName)
            return null;
        var allowed = Math.Max(1, name.Length / 3);
        string? best = null;
        foreach (var candidate in candidates.Take(MostCandidates))
        {
            if (Math.Abs(candidate.Length - name.Length) > allowed)
                continue;
            var distance = EditDistance(name.ToLowerInvariant(), candidate.ToLowerInvariant());
            if (distance <= allowed)
                (best, allowed) = (candidate, distance - 1);
        }

        return best;
    }

    /// <summary>Insertions, deletions, substitutions and swaps of neighbours.</summary>
    private static int EditDistance(string from, string to)
    {
        var rows = new int[from.Length + 1, to.Length + 1];
        for (var i = 0; i <= from.Length; i++)
            rows[i, 0] = i;
        for (var j = 0; j <= to.Length; j++)
            rows[0, j] = j;
        for (var i = 1; i <= from.Length; i++)
        {
            for (var j = 1; j <= to.Length; j++)
            {
                var substitution = rows[i - 1, j - 1] + (from[i - 1] == to[j - 1] ? 0 : 1);
                var swap = i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1] ? rows[i - 2, j - 2] + 1 : int.MaxValue;
                rows[i, j] = Math.Min(Math.Min(rows[i - 1, j], rows[i, j - 1]) + 1, Math.Min(substitution, swap));
            }
        }

        return rows[from.Length, to.Length];
    }
}
