using System.Collections.Immutable;

namespace Outerloop.Curation;

/// <summary>The curators that a run can name.</summary>
public static class CuratorCatalog
{
    public const string Default = "fewest-steps";

    public static ImmutableArray<ICurator> All { get; } = [new FewestStepsCurator(), new EverythingCurator()];

    public static ICurator? Find(string name) => All.FirstOrDefault(curator => curator.Name == name);
}
