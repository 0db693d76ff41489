using System.Collections.Immutable;

namespace Outerloop.Planning.Domains;

/// <summary>The plan that runs one errand after the other: go there, take it, go where the lander is in sight, report.</summary>
public sealed class RoverErrands(RoverMission mission, RoverNames names)
{
    private readonly int[] position = [.. mission.Rovers.Select(rover => rover.Start)];

    public static IEnumerable<string> Plan(RoverMission mission, RoverNames names)
    {
        var errands = new RoverErrands(mission, names);
        foreach (var step in mission.Goals.SelectMany(errands.Run))
            yield return step;
    }

    private IEnumerable<string> Run(RoverGoal goal) => goal switch
    {
        RoverGoal.Soil soil => Sample("soil", soil.Waypoint, rover => rover.AnalysesSoil),
        RoverGoal.Rock rock => Sample("rock", rock.Waypoint, rover => rover.AnalysesRock),
        RoverGoal.Image image => TakeImage(image),
        _ => throw new ArgumentOutOfRangeException(nameof(goal)),
    };

    private IEnumerable<string> Sample(string what, int waypoint, Func<Rover, bool> isAble)
    {
        var rover = Enumerable.Range(0, mission.Rovers.Length).First(index => isAble(mission.Rovers[index]));
        var (name, store, place) = (names.Rovers[rover], names.Stores[rover], names.Waypoints[waypoint]);
        return
        [
            .. Go(rover, at => at == waypoint),
            $"(sample_{what} {name} {store} {place})",
            $"(drop {name} {store})",
            .. Report(rover, $"communicate_{what}_data {name} {RoverNames.Lander} {place}"),
        ];
    }

    private IEnumerable<string> TakeImage(RoverGoal.Image image)
    {
        var index = Enumerable.Range(0, mission.Cameras.Length).First(camera => mission.Cameras[camera].Modes.Contains(image.Mode));
        var camera = mission.Cameras[index];
        var (name, target) = (names.Rovers[camera.Carrier], names.Objectives[camera.Target]);
        var (objective, mode) = (names.Objectives[image.Objective], RoverMission.Modes[image.Mode]);
        return
        [
            .. Go(camera.Carrier, at => mission.Outlooks[camera.Target].Contains(at)),
            $"(calibrate {name} {names.Cameras[index]} {target} {Here(camera.Carrier)})",
            .. Go(camera.Carrier, at => mission.Outlooks[image.Objective].Contains(at)),
            $"(take_image {name} {Here(camera.Carrier)} {objective} {names.Cameras[index]} {mode})",
            .. Report(camera.Carrier, $"communicate_image_data {name} {RoverNames.Lander} {objective} {mode}"),
        ];
    }

    private IEnumerable<string> Report(int rover, string what) =>
    [
        .. Go(rover, at => mission.Sight.Neighbours(mission.Lander).Contains(at)),
        $"({what} {Here(rover)} {names.Waypoints[mission.Lander]})",
    ];

    private ImmutableArray<string> Go(int rover, Func<int, bool> isWanted)
    {
        var steps = ImmutableArray.CreateBuilder<string>();
        foreach (var next in mission.Rovers[rover].Roads.Way(position[rover], isWanted))
        {
            steps.Add($"(navigate {names.Rovers[rover]} {Here(rover)} {names.Waypoints[next]})");
            position[rover] = next;
        }

        return steps.ToImmutable();
    }

    private string Here(int rover) => names.Waypoints[position[rover]];
}
