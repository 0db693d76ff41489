namespace Outerloop.Configuration;

/// <summary>Messages for a name that is not among the known ones, with the nearest known name as a suggestion.</summary>
public static class Choice
{
    public static string Unknown(string what, string name, IEnumerable<string> known)
    {
        List<string> names = [.. known];
        string? nearest = Nearest(name, names);
        string suggestion = nearest is null ? "" : $"; did you mean '{nearest}'?";
        return $"unknown {what} '{name}'{suggestion} (known: {string.Join(", ", names)})";
    }

    /// <summary>The known name within edit distance 3 (and less than half of the name's length), if any.</summary>
    public static string? Nearest(string name, IEnumerable<string> known) =>
        known.Select(candidate => (candidate, distance: Distance(name.ToLowerInvariant(), candidate.ToLowerInvariant())))
            .Where(pair => pair.distance <= 3 && pair.distance * 2 < Math.Max(name.Length, 2))
            .OrderBy(pair => pair.distance)
            .Select(pair => pair.candidate)
            .FirstOrDefault();

    /// <summary>Levenshtein distance: insertions, deletions and substitutions.</summary>
    private static int Distance(string left, string right)
    {
        int[] row = [.. Enumerable.Range(0, right.Length + 1)];
        for (int i = 1; i <= left.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= right.Length; j++)
            {
                int substituted = diagonal + (left[i - 1] == right[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(substituted, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[right.Length];
    }
}
