using FsCheck.Xunit;
using Outerloop.Planning.Domains;
using Outerloop.Planning.Pddl;

namespace Outerloop.Planning.Tests.Domains;

public sealed class RoversTests
{
    private static readonly Rovers World = new();

    [Property(MaxTest = 100)]
    public void Sizes_lie_in_their_ranges(int seed)
    {
        var problem = Read(World.PoolSizes, seed);
        var count = problem.Objects.CountBy(thing => thing.Type.ToString()).ToDictionary();

        Assert.InRange(count["rover"], 1, 2);
        Assert.Equal(count["rover"], count["store"]);
        Assert.InRange(count["waypoint"], 4, 9);
        Assert.InRange(count["camera"], 1, 2);
        Assert.InRange(count["objective"], 1, 3);
        Assert.InRange(Assert.IsType<Conjunction>(problem.Goal).Parts.Length, 1, 4);
    }

    [Property(MaxTest = 100)]
    public void A_rover_travels_everywhere_and_only_within_sight(int seed)
    {
        var mission = Draw(seed, sight: seed % 2 == 0 ? 0 : 50);
        var sight = mission.Sight.BothWays.ToHashSet();

        Assert.All(mission.Rovers, rover =>
        {
            Assert.Subset(sight, rover.Roads.BothWays.ToHashSet());
            Assert.All(Enumerable.Range(0, 12), place => Assert.InRange(rover.Roads.Way(0, at => at == place).Length, 0, 11));
        });
    }

    [Property(MaxTest = 100)]
    public void Every_goal_has_a_rover_that_can_reach_it(int seed)
    {
        var mission = Draw(seed, sight: 0);

        Assert.All(mission.Cameras, camera => Assert.True(mission.Rovers[camera.Carrier].TakesImages));
        Assert.All(mission.Outlooks, places => Assert.NotEmpty(places));
        Assert.All(mission.Goals, goal => Assert.True(goal switch
        {
            RoverGoal.Soil soil => mission.SoilSamples.Contains(soil.Waypoint) && mission.Rovers.Any(rover => rover.AnalysesSoil),
            RoverGoal.Rock rock => mission.RockSamples.Contains(rock.Waypoint) && mission.Rovers.Any(rover => rover.AnalysesRock),
            RoverGoal.Image image => mission.Cameras.Any(camera => camera.Modes.Contains(image.Mode)),
            _ => false,
        }));
    }

    [Fact]
    public void All_kinds_of_goals_occur()
    {
        var kinds = Enumerable.Range(0, 50).SelectMany(seed => Draw(seed, sight: 0).Goals).CountBy(goal => goal.GetType().Name).ToDictionary();

        Assert.All(["Soil", "Rock", "Image"], kind => Assert.InRange(kinds[kind], 20, 100));
    }

    [Fact]
    public void More_goals_than_there_are_become_all_there_are()
    {
        var mission = new RoverMissionDraw(new(Rovers: 1, Waypoints: 4, Cameras: 9, Objectives: 2, Goals: 100, Sight: 0), new Random(0)).Draw();

        Assert.Equal(4 + 4 + (2 * 3), mission.Goals.Distinct().Count());
    }

    [Fact]
    public void Neighbours_see_each_other_and_with_full_sight_all_do()
    {
        Assert.All(Draw(1, sight: 0).Sight.Roads, road => Assert.Contains(road.To - road.From, new[] { 1, 4 }));
        Assert.InRange(Draw(1, sight: 100).Sight.Roads.Length, (12 * 11 / 2) - 1, 12 * 11 / 2);
    }

    private static RoverMission Draw(int seed, int sight) =>
        new RoverMissionDraw(new(Rovers: 3, Waypoints: 12, Cameras: 2, Objectives: 3, Goals: 4, Sight: sight), new Random(seed)).Draw();

    private static Problem Read(SizeRanges sizes, int seed) =>
        Samples.ReadProblem(World.GenerateProblem("p", sizes, new Random(seed)), World.Domain).Required();
}
