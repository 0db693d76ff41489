using System.Globalization;
using Outerloop.Configuration;
using Outerloop.Planning.Domains;

namespace Outerloop.Cli.Commands.Pddl;

/// <summary>Reads <c>--size NAME=MIN-MAX</c>.</summary>
internal static class SizeOptions
{
    public static SizeRanges Read(PlanningDomain domain, IEnumerable<string> options)
    {
        SizeRanges sizes = domain.PoolSizes;
        foreach (string option in options)
        {
            string[] parts = option.Split('=');
            string[] bounds = parts.Length == 2 ? parts[1].Split('-') : [];
            if (bounds.Length is not (1 or 2) || !TryRead(bounds[0], out int min) || !TryRead(bounds[^1], out int max) || min > max || min < 1)
                throw new InputException($"--size: '{option}' is not NAME=MIN-MAX, blocks=3-12 for example");
            if (domain.Parameters.All(parameter => parameter.Name != parts[0]))
                throw new InputException("--size: " + Choice.Unknown("size", parts[0], domain.Parameters.Select(parameter => parameter.Name)));
            sizes = sizes.With(parts[0], min, max);
        }

        return sizes;
    }

    private static bool TryRead(string text, out int value) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
}
