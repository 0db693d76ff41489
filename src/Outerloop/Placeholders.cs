using System.Text.RegularExpressions;

namespace Outerloop;

/// <summary>Names in braces that stand for values: <c>{problem}</c>. Other braces are left as they are.</summary>
public static partial class Placeholders
{
    /// <exception cref="InputException">A name stands for nothing; says which there are.</exception>
    public static string Fill(string template, IReadOnlyDictionary<string, string> values, Func<string, string>? written = null) =>
        Name().Replace(template, match => values.TryGetValue(match.Groups["name"].Value, out string? value)
            ? written?.Invoke(value) ?? value
            : throw new InputException($"'{match.Value}' stands for nothing here (there are: {string.Join(", ", values.Keys.Select(name => $"{{{name}}}"))})"));

    public static IEnumerable<string> Names(string template) => Name().Matches(template).Select(match => match.Groups["name"].Value);

    [GeneratedRegex(@"\{(?<name>[a-z][a-zA-Z]*)\}", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Name();
}
