using System.CommandLine;
using System.Globalization;

namespace Outerloop.Cli.Commands;

/// <summary>Options that are numbers between bounds.</summary>
internal static class OptionBounds
{
    /// <exception cref="InputException">The value is outside.</exception>
    public static T Within<T>(this ParseResult parsed, Option<T> option, T least, T most)
        where T : struct, IComparable<T>
    {
        T value = parsed.GetValue(option);
        return value.CompareTo(least) >= 0 && value.CompareTo(most) <= 0
            ? value
            : throw new InputException(string.Create(CultureInfo.InvariantCulture, $"{option.Name}: {value} is not between {least} and {most}"));
    }
}
