using System.Collections.Immutable;

namespace Outerloop.Planning.Domains;

/// <summary>The names of the objects of a <see cref="RoverMission"/>, and the mission told in them.</summary>
public sealed record RoverNames(
    ImmutableArray<string> Rovers,
    ImmutableArray<string> Stores,
    ImmutableArray<string> Waypoints,
    ImmutableArray<string> Cameras,
    ImmutableArray<string> Objectives)
{
    public const string Lander = "general";

    public ImmutableArray<TypedObjects> Objects =>
    [
        new("rover", Rovers),
        new("store", Stores),
        new("waypoint", Waypoints),
        new("camera", Cameras),
        new("mode", RoverMission.Modes),
        new("lander", [Lander]),
        new("objective", Objectives),
    ];

    public IEnumerable<string> Init(RoverMission mission) =>
    [
        $"(at_lander {Lander} {Waypoints[mission.Lander]})",
        .. mission.Sight.BothWays.Select(pair => $"(visible {Waypoints[pair.From]} {Waypoints[pair.To]})"),
        .. mission.SoilSamples.Select(place => $"(at_soil_sample {Waypoints[place]})"),
        .. mission.RockSamples.Select(place => $"(at_rock_sample {Waypoints[place]})"),
        .. mission.Rovers.SelectMany(Facts),
        .. mission.Cameras.SelectMany(Facts),
        .. mission.Outlooks.SelectMany((places, objective) => places.Select(place => $"(visible_from {Objectives[objective]} {Waypoints[place]})")),
    ];

    public string Goal(RoverGoal goal) => goal switch
    {
        RoverGoal.Soil soil => $"(communicated_soil_data {Waypoints[soil.Waypoint]})",
        RoverGoal.Rock rock => $"(communicated_rock_data {Waypoints[rock.Waypoint]})",
        RoverGoal.Image image => $"(communicated_image_data {Objectives[image.Objective]} {RoverMission.Modes[image.Mode]})",
        _ => throw new ArgumentOutOfRangeException(nameof(goal)),
    };

    private IEnumerable<string> Facts(Rover rover, int index)
    {
        var name = Rovers[index];
        yield return $"(at {name} {Waypoints[rover.Start]})";
        yield return $"(store_of {Stores[index]} {name})";
        yield return $"(empty {Stores[index]})";
        if (rover.AnalysesSoil)
            yield return $"(equipped_for_soil_analysis {name})";
        if (rover.AnalysesRock)
            yield return $"(equipped_for_rock_analysis {name})";
        if (rover.TakesImages)
            yield return $"(equipped_for_imaging {name})";
        foreach (var road in rover.Roads.BothWays)
            yield return $"(can_traverse {name} {Waypoints[road.From]} {Waypoints[road.To]})";
    }

    private IEnumerable<string> Facts(Camera camera, int index) =>
    [
        $"(on_board {Cameras[index]} {Rovers[camera.Carrier]})",
        $"(calibration_target {Cameras[index]} {Objectives[camera.Target]})",
        .. camera.Modes.Select(mode => $"(supports {Cameras[index]} {RoverMission.Modes[mode]})"),
    ];
}
