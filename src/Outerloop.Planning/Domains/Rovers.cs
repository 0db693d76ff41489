using System.Collections.Immutable;

namespace Outerloop.Planning.Domains;

/// <summary>
/// Rovers sample soil and rock, take images and report to a lander, in the encoding of the learning track of IPC 2023.
/// <see cref="RoverMissionDraw"/> says why every task can be solved.
/// </summary>
/// <remarks>
/// The name of a waypoint says where it is on a board that is the same in all tasks of its size or less; where on the board
/// the lattice lies is random.
/// </remarks>
public sealed class Rovers : PlanningDomain
{
    /// <summary>Rows and columns of the board; lattices that are larger make their own.</summary>
    private const int Board = 6;

    private static readonly SizeParameter RoverCount = new("rovers", "number of rovers")
    {
        Pool = new(1, 2),
        Larger = new(2, 3),
        Easy = new(1, 4),
        Medium = new(5, 10),
        Hard = new(15, 30),
    };

    private static readonly SizeParameter WaypointCount = new("waypoints", "number of waypoints, on the squarest lattice", Smallest: 2)
    {
        Pool = new(4, 9),
        Larger = new(10, 16),
        Easy = new(4, 10),
        Medium = new(15, 90),
        Hard = new(100, 200),
    };

    private static readonly SizeParameter CameraCount = new("cameras", "number of cameras")
    {
        Pool = new(1, 2),
        Larger = new(2, 3),
        Easy = new(1, 4),
        Medium = new(5, 50),
        Hard = new(60, 100),
    };

    private static readonly SizeParameter ObjectiveCount = new("objectives", "number of objectives to take images of")
    {
        Pool = new(1, 3),
        Larger = new(3, 4),
        Easy = new(1, 10),
        Medium = new(15, 80),
        Hard = new(100, 200),
    };

    private static readonly SizeParameter GoalCount = new("goals", "number of goals, or all there can be where these are fewer")
    {
        Pool = new(1, 4),
        Larger = new(5, 6),
        Easy = new(1, 30),
        Medium = new(40, 300),
        Hard = new(150, 600),
    };

    private static readonly SizeParameter Sight = new("sight", "percent of the pairs of waypoints apart that see each other", Smallest: 0)
    {
        Pool = new(0, 0),
        Larger = new(0, 0),
        Easy = new(30, 90),
        Medium = new(60, 90),
        Hard = new(60, 90),
    };

    private static readonly NameSet RoverSet = new("rover", 4);
    private static readonly NameSet StoreSet = new("store", 4);
    private static readonly NameSet CameraSet = new("camera", 4);
    private static readonly NameSet ObjectiveSet = new("objective", 6);

    public override string Name => "rovers";

    public override IReadOnlyList<SizeParameter> Parameters { get; } = [RoverCount, WaypointCount, CameraCount, ObjectiveCount, GoalCount, Sight];

    public override ImmutableArray<NameSet> NameSets { get; } = [RoverSet, StoreSet, CameraSet, ObjectiveSet];

    public override ImmutableArray<string> MeaningfulNames { get; } =
    [
        RoverNames.Lander,
        .. RoverMission.Modes,
        .. Enumerable.Range(0, Board * Board).Select(place => WaypointName(place / Board, place % Board)),
    ];

    /// <summary>The name in the text is that of the competition's problem files.</summary>
    public override string Pddl { get; } = """
        (define (domain rover)
          (:requirements :strips :typing)
          (:types rover waypoint store camera mode lander objective)

          (:predicates
            ; where things are, and what sees what
            (at ?rover - rover ?place - waypoint)
            (at_lander ?lander - lander ?place - waypoint)
            (at_soil_sample ?place - waypoint)
            (at_rock_sample ?place - waypoint)
            (visible ?place - waypoint ?other - waypoint)
            (visible_from ?objective - objective ?place - waypoint)
            ; what rovers can do
            (can_traverse ?rover - rover ?from - waypoint ?to - waypoint)
            (equipped_for_soil_analysis ?rover - rover)
            (equipped_for_rock_analysis ?rover - rover)
            (equipped_for_imaging ?rover - rover)
            (store_of ?store - store ?rover - rover)
            (on_board ?camera - camera ?rover - rover)
            (supports ?camera - camera ?mode - mode)
            (calibration_target ?camera - camera ?objective - objective)
            ; what they did
            (empty ?store - store)
            (full ?store - store)
            (calibrated ?camera - camera ?rover - rover)
            (have_soil_analysis ?rover - rover ?place - waypoint)
            (have_rock_analysis ?rover - rover ?place - waypoint)
            (have_image ?rover - rover ?objective - objective ?mode - mode)
            (communicated_soil_data ?place - waypoint)
            (communicated_rock_data ?place - waypoint)
            (communicated_image_data ?objective - objective ?mode - mode))

          (:action navigate
            :parameters (?rover - rover ?from - waypoint ?to - waypoint)
            :precondition (and (at ?rover ?from) (can_traverse ?rover ?from ?to) (visible ?from ?to))
            :effect (and (at ?rover ?to) (not (at ?rover ?from))))

          (:action sample_soil
            :parameters (?rover - rover ?store - store ?place - waypoint)
            :precondition (and (at ?rover ?place) (at_soil_sample ?place) (equipped_for_soil_analysis ?rover)
              (store_of ?store ?rover) (empty ?store))
            :effect (and (have_soil_analysis ?rover ?place) (full ?store) (not (empty ?store)) (not (at_soil_sample ?place))))

          (:action sample_rock
            :parameters (?rover - rover ?store - store ?place - waypoint)
            :precondition (and (at ?rover ?place) (at_rock_sample ?place) (equipped_for_rock_analysis ?rover)
              (store_of ?store ?rover) (empty ?store))
            :effect (and (have_rock_analysis ?rover ?place) (full ?store) (not (empty ?store)) (not (at_rock_sample ?place))))

          (:action drop
            :parameters (?rover - rover ?store - store)
            :precondition (and (store_of ?store ?rover) (full ?store))
            :effect (and (empty ?store) (not (full ?store))))

          (:action calibrate
            :parameters (?rover - rover ?camera - camera ?target - objective ?place - waypoint)
            :precondition (and (at ?rover ?place) (equipped_for_imaging ?rover) (on_board ?camera ?rover)
              (calibration_target ?camera ?target) (visible_from ?target ?place))
            :effect (calibrated ?camera ?rover))

          (:action take_image
            :parameters (?rover - rover ?place - waypoint ?objective - objective ?camera - camera ?mode - mode)
            :precondition (and (at ?rover ?place) (equipped_for_imaging ?rover) (on_board ?camera ?rover)
              (calibrated ?camera ?rover) (supports ?camera ?mode) (visible_from ?objective ?place))
            :effect (and (have_image ?rover ?objective ?mode) (not (calibrated ?camera ?rover))))

          (:action communicate_soil_data
            :parameters (?rover - rover ?lander - lander ?sample - waypoint ?place - waypoint ?landed - waypoint)
            :precondition (and (at ?rover ?place) (at_lander ?lander ?landed) (visible ?place ?landed)
              (have_soil_analysis ?rover ?sample))
            :effect (communicated_soil_data ?sample))

          (:action communicate_rock_data
            :parameters (?rover - rover ?lander - lander ?sample - waypoint ?place - waypoint ?landed - waypoint)
            :precondition (and (at ?rover ?place) (at_lander ?lander ?landed) (visible ?place ?landed)
              (have_rock_analysis ?rover ?sample))
            :effect (communicated_rock_data ?sample))

          (:action communicate_image_data
            :parameters (?rover - rover ?lander - lander ?objective - objective ?mode - mode ?place - waypoint ?landed - waypoint)
            :precondition (and (at ?rover ?place) (at_lander ?lander ?landed) (visible ?place ?landed)
              (have_image ?rover ?objective ?mode))
            :effect (communicated_image_data ?objective ?mode)))

        """;

    protected override SolvableTask Draw(SizeRanges sizes, Random random)
    {
        var size = DrawSizes(sizes, random);
        var mission = new RoverMissionDraw(size, random).Draw();
        var names = new RoverNames(
            RoverSet.Draw(size.Rovers, random),
            StoreSet.Draw(size.Rovers, random),
            DrawWaypointNames(size.Waypoints, random),
            CameraSet.Draw(size.Cameras, random),
            ObjectiveSet.Draw(size.Objectives, random));
        return new SolvableTask
        {
            Objects = names.Objects,
            Init = [.. names.Init(mission)],
            Goal = [.. mission.Goals.Select(names.Goal)],
            Witness = RoverErrands.Plan(mission, names),
        };
    }

    /// <summary>Names of the places of a lattice that lies somewhere on the board.</summary>
    private static ImmutableArray<string> DrawWaypointNames(int waypoints, Random random)
    {
        var columns = RoadMap.LatticeColumns(waypoints);
        var top = random.Next(Math.Max(0, Board - ((waypoints + columns - 1) / columns)) + 1);
        var left = random.Next(Math.Max(0, Board - columns) + 1);
        return [.. Enumerable.Range(0, waypoints).Select(place => WaypointName(top + (place / columns), left + (place % columns)))];
    }

    private static string WaypointName(int row, int column) => $"waypoint_{row + 1}_{column + 1}";

    private static RoverMissionSizes DrawSizes(SizeRanges sizes, Random random) => new(
        sizes.Draw(RoverCount, random),
        sizes.Draw(WaypointCount, random),
        sizes.Draw(CameraCount, random),
        sizes.Draw(ObjectiveCount, random),
        sizes.Draw(GoalCount, random),
        sizes.Draw(Sight, random));
}
