using System.Collections.Immutable;

namespace Outerloop.Planning.Domains;

/// <summary>
/// A robot with hands brings balls from room to room, as many at a time as it has hands. It moves between any two rooms,
/// so every task can be solved ball by ball. The task of the first planning competition (1998) had two rooms and one goal
/// for all balls, and so no more than one task for each number of them; here a ball may lie, and belong, in any room.
/// </summary>
public sealed class Gripper : PlanningDomain
{
    private static readonly SizeParameter Balls = new("balls", "number of balls")
    {
        Pool = new(2, 6),
        Larger = new(7, 9),
        Easy = new(4, 20),
        Medium = new(20, 100),
        Hard = new(100, 500),
    };

    private static readonly SizeParameter Rooms = new("rooms", "number of rooms", Smallest: 2)
    {
        Pool = new(2, 8),
        Larger = new(9, 12),
        Easy = new(2, 10),
        Medium = new(10, 30),
        Hard = new(30, 100),
    };

    private static readonly SizeParameter Hands = new("hands", "number of the robot's hands")
    {
        Pool = new(1, 2),
        Larger = new(2, 3),
        Easy = new(2, 2),
        Medium = new(2, 3),
        Hard = new(2, 4),
    };

    private static readonly NameSet BallSet = new("ball", 10);
    private static readonly NameSet RoomSet = new("room", 15);
    private static readonly NameSet HandSet = new("hand", 4);

    public override string Name => "gripper";

    public override IReadOnlyList<SizeParameter> Parameters { get; } = [Balls, Rooms, Hands];

    public override ImmutableArray<NameSet> NameSets { get; } = [BallSet, RoomSet, HandSet];

    public override string Pddl { get; } = """
        (define (domain gripper)
          (:requirements :strips :typing)
          (:types room ball hand)

          (:predicates
            (robot-in ?room - room)
            (lies-in ?ball - ball ?room - room)
            (free ?hand - hand)
            (holds ?hand - hand ?ball - ball))

          (:action move
            :parameters (?from - room ?to - room)
            :precondition (robot-in ?from)
            :effect (and (robot-in ?to) (not (robot-in ?from))))

          (:action pick
            :parameters (?ball - ball ?room - room ?hand - hand)
            :precondition (and (lies-in ?ball ?room) (robot-in ?room) (free ?hand))
            :effect (and (holds ?hand ?ball) (not (lies-in ?ball ?room)) (not (free ?hand))))

          (:action drop
            :parameters (?ball - ball ?room - room ?hand - hand)
            :precondition (and (holds ?hand ?ball) (robot-in ?room))
            :effect (and (lies-in ?ball ?room) (free ?hand) (not (holds ?hand ?ball)))))

        """;

    protected override SolvableTask Draw(SizeRanges sizes, Random random)
    {
        var balls = BallSet.Draw(sizes.Draw(Balls, random), random);
        var rooms = RoomSet.Draw(sizes.Draw(Rooms, random), random);
        var hands = HandSet.Draw(sizes.Draw(Hands, random), random);
        var robot = rooms[random.Next(rooms.Length)];
        (string Ball, string From, string To)[] errands =
            [.. balls.Select(ball => (ball, rooms[random.Next(rooms.Length)], rooms[random.Next(rooms.Length)]))];
        return new SolvableTask
        {
            Objects = [new("ball", balls), new("room", rooms), new("hand", hands)],
            Init = [$"(robot-in {robot})", .. hands.Select(hand => $"(free {hand})"), .. errands.Select(errand => $"(lies-in {errand.Ball} {errand.From})")],
            Goal = [.. errands.Select(errand => $"(lies-in {errand.Ball} {errand.To})")],
            Witness = BallByBall(errands, robot, hands[0]),
        };
    }

    private static IEnumerable<string> BallByBall((string Ball, string From, string To)[] errands, string robot, string hand)
    {
        foreach (var (ball, from, to) in errands.Where(errand => errand.From != errand.To))
        {
            if (robot != from)
                yield return $"(move {robot} {from})";
            yield return $"(pick {ball} {from} {hand})";
            yield return $"(move {from} {to})";
            yield return $"(drop {ball} {to} {hand})";
            robot = to;
        }
    }
}
