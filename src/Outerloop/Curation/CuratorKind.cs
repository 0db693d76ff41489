using System.Globalization;

namespace Outerloop.Curation;

/// <summary>A curator that can be named.</summary>
public sealed record CuratorKind
{
    internal CuratorKind(string name, string value, string description, Func<CuratorValue, Seed, ICurator> create)
    {
        (Name, Value, Description) = (name, value, description);
        Create = (given, seed) => value.Length > 0 || given.Text is null ? create(given, seed) : throw given.Refusal();
    }

    public string Name { get; }

    /// <summary>How its value is written after the name; empty where it takes none.</summary>
    public string Value { get; }

    public string Description { get; }

    /// <summary>Name and value as they are written.</summary>
    public string Form => Name + Value;

    internal Func<CuratorValue, Seed, ICurator> Create { get; }
}

/// <summary>What was written after a curator's name.</summary>
internal readonly record struct CuratorValue(CuratorKind Kind, string? Text)
{
    public int Whole(int? otherwise = null)
    {
        if (Text is null && otherwise is { } value)
            return value;
        return int.TryParse(Text, NumberStyles.None, CultureInfo.InvariantCulture, out int read) && read > 0 ? read : throw Refusal();
    }

    public double Share(double otherwise)
    {
        if (Text is null)
            return otherwise;
        return double.TryParse(Text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double read) && read <= 1 ? read : throw Refusal();
    }

    public string[] Words() =>
        Text?.Split('+', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) is { Length: > 0 } words ? words : throw Refusal();

    public FormatException Refusal() => new(
        Kind.Value.Length == 0
            ? $"the curator {Kind.Name} takes no value"
            : $"the curator {Kind.Name} is written {Kind.Form} ({Kind.Description}), not '{Kind.Name}{(Text is null ? "" : ":")}{Text}'");
}
