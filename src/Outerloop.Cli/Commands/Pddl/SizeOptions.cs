using System.Globalization;
using Outerloop.Configuration;
using Outerloop.Planning.Domains;

namespace Outerloop.Cli.Commands.Pddl;

/// <summary>Reads <c>--difficulty</c>, and <c>--size NAME=MIN-MAX</c>, which goes before it.</summary>
internal static class SizeOptions
{
    public static readonly string Difficulties = string.Join(", ", Enum.GetNames<Difficulty>()).ToLowerInvariant();

    public static SizeRanges Read(PlanningDomain domain, string difficulty, IEnumerable<string> options)
    {
        SizeRanges sizes = domain.SizesOf(ReadDifficulty(difficulty));
        foreach (string option in options)
        {
            string[] parts = option.Split('=');
            string[] bounds = parts.Length == 2 ? parts[1].Split('-') : [];
            if (bounds.Length is not (1 or 2) || !TryRead(bounds[0], out int min) || !TryRead(bounds[^1], out int max) || min > max)
                throw new InputException($"--size: '{option}' is not NAME=MIN-MAX, blocks=3-12 for example");
            Check(domain, parts[0], min);
            sizes = sizes.With(parts[0], min, max);
        }

        return sizes;
    }

    private static Difficulty ReadDifficulty(string text) =>
        Enum.GetValues<Difficulty>().Cast<Difficulty?>().FirstOrDefault(known => $"{known}".Equals(text, StringComparison.OrdinalIgnoreCase))
        ?? throw new InputException("--difficulty: " + Choice.Unknown("difficulty", text, Difficulties.Split(", ")));

    private static void Check(PlanningDomain domain, string name, int min)
    {
        SizeParameter parameter = domain.Parameters.FirstOrDefault(known => known.Name == name)
            ?? throw new InputException("--size: " + Choice.Unknown("size", name, domain.Parameters.Select(known => known.Name)));
        if (min < parameter.Smallest)
            throw new InputException($"--size: {name} must be at least {parameter.Smallest}, not {min}");
    }

    private static bool TryRead(string text, out int value) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
}
