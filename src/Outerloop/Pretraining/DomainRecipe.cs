using System.Collections.Immutable;

namespace Outerloop.Pretraining;

/// <summary>How a domain is demonstrated.</summary>
public sealed record DomainRecipe
{
    public required string Name { get; init; }

    public TeacherKind Teacher { get; init; }

    /// <summary>Demonstrations of so many steps and more are drawn again until the validator refuses them.</summary>
    public required int UnsolvedFrom { get; init; }

    /// <summary>How often the domain is demonstrated, in proportion to the shares of the others.</summary>
    public double Share { get; init; } = 1;

    public ImmutableArray<WrongMethod> WrongMethods { get; init; } = [];

    internal static ImmutableArray<DomainRecipe> Bundled =>
    [
        new()
        {
            Name = "blocksworld",
            UnsolvedFrom = 14,
            Share = 0.5,
            WrongMethods =
            [
                new(WrongMethodKind.LeavesOut, 2, ["unstack", "putdown"]),
                new(WrongMethodKind.WrongOrder, 1),
                new(WrongMethodKind.StopsEarly, 1),
            ],
        },
        new()
        {
            Name = "rovers",
            UnsolvedFrom = 16,
            Share = 1.7,
            WrongMethods =
            [
                new(WrongMethodKind.LeavesOut, 2, ["communicate_soil_data", "communicate_rock_data", "communicate_image_data"]),
                new(WrongMethodKind.WrongOrder, 1),
                new(WrongMethodKind.StopsEarly, 1),
            ],
        },
        new()
        {
            Name = "sokoban",
            Teacher = TeacherKind.Planner,
            UnsolvedFrom = 14,
            Share = 1.4,
            WrongMethods =
            [
                new(WrongMethodKind.LeavesOut, 2, ["push"]),
                new(WrongMethodKind.WrongOrder, 1),
                new(WrongMethodKind.StopsEarly, 1),
            ],
        },
    ];
}
