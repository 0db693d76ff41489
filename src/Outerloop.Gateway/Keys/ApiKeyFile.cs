using YamlDotNet.Core;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace Outerloop.Gateway.Keys;

/// <summary>A file of keys, in YAML or JSON: a list of names, hashes and rates.</summary>
internal static class ApiKeyFile
{
    private const int HashLength = 64, LongestName = 100, Most = 1_000_000;

    /// <exception cref="InputException">What is wrong, and where.</exception>
    public static IReadOnlyList<ApiKey> Read(string path)
    {
        List<Line?>? lines;
        try
        {
            lines = new DeserializerBuilder().WithNamingConvention(UnderscoredNamingConvention.Instance).Build().Deserialize<List<Line?>?>(File.ReadAllText(path));
        }
        catch (YamlException problem)
        {
            throw new InputException($"{path}:{problem.Start.Line}:{problem.Start.Column}: not a list of keys: {problem.InnerException?.Message ?? problem.Message}", problem);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{path}: cannot read the keys: {problem.Message}", problem);
        }

        if (lines is not { Count: > 0 })
            throw new InputException($"{path}: there are no keys; 'outerloop serve --new-key NAME' makes one");
        if (lines.GroupBy(line => line?.Name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new InputException($"{path}: two keys are called '{twice.Key}'");
        return [.. lines.Select((line, i) => KeyOf(line, $"{path}: key {i + 1}"))];
    }

    private static ApiKey KeyOf(Line? line, string place)
    {
        if (line?.Name is not { Length: > 0 and <= LongestName } name || name.Any(char.IsControl))
            throw new InputException($"{place}: it wants a name of at most {LongestName} characters");
        if (line.Sha256 is not { Length: HashLength } hash || !hash.All(char.IsAsciiHexDigit))
            throw new InputException($"{place}: sha256 must be the {HashLength} hexadecimal digits that 'outerloop serve --new-key {name}' prints");
        if (line.RequestsPerMinute is < 1 or > Most || line.Concurrent is < 1 or > Most)
            throw new InputException($"{place}: requests_per_minute and concurrent must be between 1 and {Most}");
        return new ApiKey(name, Convert.FromHexString(hash), line.RequestsPerMinute, line.Concurrent);
    }

    /// <summary>An element of the list.</summary>
    private sealed record Line
    {
        public string? Name { get; init; }

        public string? Sha256 { get; init; }

        public int RequestsPerMinute { get; init; } = 600;

        public int Concurrent { get; init; } = 32;
    }
}
