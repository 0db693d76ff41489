using System.Collections.Immutable;

namespace Outerloop.Planning.Domains;

/// <summary>
/// Draws missions all of whose goals can be reached. Neighbours on a lattice of waypoints see each other unless something
/// stands between them, and what stands between them never cuts the lattice in two; each rover can take the roads of a
/// spanning tree of what is in sight, and about half of the others. So every rover gets everywhere, next to the lander
/// too. Someone can analyse soil, and someone rock, where that is asked for; a rover with a camera takes images; a camera's
/// calibration target, like all objectives, is seen from some waypoint; and images are asked for in modes that a camera
/// has. Nothing that a rover does can be missed later: other samples stay, and a store can be emptied.
/// </summary>
public sealed class RoverMissionDraw(RoverMissionSizes sizes, Random random)
{
    private const double OpenView = 0.75, OpenRoad = 0.5, Equipped = 0.5, SparePlace = 0.25;

    public RoverMission Draw()
    {
        var sight = RoadMap.Lattice(sizes.Waypoints).Thinned(OpenView, random).WithShortcuts(sizes.Sight / 100.0, random);
        var cameras = Repeat(sizes.Cameras, DrawCamera);
        var goals = DrawGoals(cameras);
        return new RoverMission
        {
            Sight = sight,
            Cameras = cameras,
            Goals = goals,
            Rovers = DrawRovers(sight, cameras, goals),
            Outlooks = Repeat(sizes.Objectives, DrawOutlooks),
            SoilSamples = WithSpares(goals.OfType<RoverGoal.Soil>().Select(goal => goal.Waypoint)),
            RockSamples = WithSpares(goals.OfType<RoverGoal.Rock>().Select(goal => goal.Waypoint)),
            Lander = random.Next(sizes.Waypoints),
        };
    }

    private Camera DrawCamera() =>
        new(random.Next(sizes.Rovers), random.Next(sizes.Objectives), Some(RoverMission.Modes.Length, random.Next(RoverMission.Modes.Length) + 1));

    private ImmutableArray<int> DrawOutlooks() => Some(sizes.Waypoints, random.Next((sizes.Waypoints + 2) / 3) + 1);

    /// <summary>Goals without repetition, the kind of each drawn first; fewer when there are no more.</summary>
    private ImmutableArray<RoverGoal> DrawGoals(ImmutableArray<Camera> cameras)
    {
        var images =
            from objective in Enumerable.Range(0, sizes.Objectives)
            from mode in cameras.SelectMany(camera => camera.Modes).Distinct().Order()
            select new RoverGoal.Image(objective, mode);
        Queue<RoverGoal>[] kinds =
        [
            Shuffled(Enumerable.Range(0, sizes.Waypoints).Select(waypoint => new RoverGoal.Soil(waypoint))),
            Shuffled(Enumerable.Range(0, sizes.Waypoints).Select(waypoint => new RoverGoal.Rock(waypoint))),
            Shuffled(images),
        ];
        var goals = ImmutableArray.CreateBuilder<RoverGoal>();
        var wanted = Math.Min(sizes.Goals, kinds.Sum(kind => kind.Count));
        while (goals.Count < wanted)
        {
            if (kinds[random.Next(kinds.Length)].TryDequeue(out var goal))
                goals.Add(goal);
        }

        return goals.ToImmutable();
    }

    private ImmutableArray<Rover> DrawRovers(RoadMap sight, ImmutableArray<Camera> cameras, ImmutableArray<RoverGoal> goals)
    {
        var soil = DrawEquipment(goals.OfType<RoverGoal.Soil>().Any());
        var rock = DrawEquipment(goals.OfType<RoverGoal.Rock>().Any());
        return
        [
            .. Enumerable.Range(0, sizes.Rovers).Select(rover => new Rover(
                random.Next(sizes.Waypoints),
                sight.Thinned(OpenRoad, random),
                soil[rover],
                rock[rover],
                cameras.Any(camera => camera.Carrier == rover))),
        ];
    }

    private bool[] DrawEquipment(bool isNeeded)
    {
        var equipped = Enumerable.Range(0, sizes.Rovers).Select(_ => random.NextDouble() < Equipped).ToArray();
        var lucky = random.Next(sizes.Rovers);
        equipped[lucky] |= isNeeded && !equipped.Contains(true);
        return equipped;
    }

    private ImmutableArray<int> WithSpares(IEnumerable<int> needed)
    {
        var places = needed.ToHashSet();
        return [.. Enumerable.Range(0, sizes.Waypoints).Where(place => places.Contains(place) | random.NextDouble() < SparePlace)];
    }

    private ImmutableArray<int> Some(int of, int count)
    {
        var all = Enumerable.Range(0, of).ToArray();
        random.Shuffle(all);
        return [.. all.Take(count).Order()];
    }

    private Queue<RoverGoal> Shuffled(IEnumerable<RoverGoal> goals)
    {
        var all = goals.ToArray();
        random.Shuffle(all);
        return new Queue<RoverGoal>(all);
    }

    private static ImmutableArray<T> Repeat<T>(int count, Func<T> draw) => [.. Enumerable.Range(0, count).Select(_ => draw())];
}
