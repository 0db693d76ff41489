namespace Outerloop.Gateway.Models;

/// <summary>A model that requests can ask for.</summary>
/// <param name="Name">What they ask for.</param>
/// <param name="Folder">Where its weights are.</param>
/// <param name="Created">When it was made.</param>
public sealed record OfferedModel(string Name, string Folder, DateTimeOffset Created)
{
    /// <summary>The hash that its weights must have; null where any will do.</summary>
    public string? Weights { get; init; }

    /// <summary>The run's domain that it is a generation for, and which one; null for a model of no run.</summary>
    public (string Domain, int Number)? Generation { get; init; }

    /// <summary>Of a name that stands for another model from time to time, the immutable name of the one that it stands for now.</summary>
    public string? StandsFor { get; init; }

    /// <summary>Of such a name, another model that answers a share of its requests; null if none does.</summary>
    public (OfferedModel Model, double Share)? Canary { get; init; }
}

/// <summary>Where models come from.</summary>
public interface IModelSource
{
    /// <summary>Those that are there now.</summary>
    Task<IReadOnlyList<OfferedModel>> List(CancellationToken cancellation);
}
