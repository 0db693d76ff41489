using System.Globalization;

namespace Outerloop.Configuration;

/// <summary>
/// One setting under its dotted key, as a run file nests it and the command line overrides it. The one place that
/// knows how the setting is written, read and bounded.
/// </summary>
/// <param name="Print">The value as text, such that <paramref name="Apply"/> reads it back.</param>
/// <param name="Apply">Settings with the value changed; throws <see cref="FormatException"/> that says what is wanted.</param>
public sealed record Setting(
    string Key, string Description, Func<RunSettings, string> Print, Func<RunSettings, string, RunSettings> Apply)
{
    /// <summary>Whether it is true or false; named alone on the command line, it is true.</summary>
    public bool IsFlag { get; init; }

    internal static Setting Whole(
        string key, string description, (long Min, long Max) bounds, Func<RunSettings, long> get, Func<RunSettings, long, RunSettings> set) =>
        new(
            key,
            description,
            settings => get(settings).ToString(CultureInfo.InvariantCulture),
            (settings, text) => set(settings, ReadWhole(text, bounds)));

    internal static Setting Real(
        string key, string description, (double Min, double Max) bounds, Func<RunSettings, double> get, Func<RunSettings, double, RunSettings> set) =>
        new(
            key,
            description,
            settings => get(settings).ToString("R", CultureInfo.InvariantCulture),
            (settings, text) => set(settings, ReadReal(text, bounds)));

    internal static Setting Flag(
        string key, string description, Func<RunSettings, bool> get, Func<RunSettings, bool, RunSettings> set) =>
        new(
            key,
            description,
            settings => get(settings) ? "true" : "false",
            (settings, text) => set(settings, bool.TryParse(text, out bool value) ? value : throw new FormatException($"'{text}' is neither true nor false")))
        {
            IsFlag = true,
        };

    internal static Setting Word(
        string key, string description, Func<RunSettings, string> get, Func<RunSettings, string, RunSettings> set) =>
        new(key, description, get, set);

    private static long ReadWhole(string text, (long Min, long Max) bounds)
    {
        if (!long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value))
            throw new FormatException($"'{text}' is not a whole number");
        return value >= bounds.Min && value <= bounds.Max
            ? value
            : throw new FormatException($"{value} is not between {bounds.Min} and {bounds.Max}");
    }

    private static double ReadReal(string text, (double Min, double Max) bounds)
    {
        if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) || !double.IsFinite(value))
            throw new FormatException($"'{text}' is not a number");
        return value >= bounds.Min && value <= bounds.Max
            ? value
            : throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"{value} is not between {bounds.Min} and {bounds.Max}"));
    }
}
