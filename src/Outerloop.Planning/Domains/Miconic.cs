using System.Collections.Immutable;

namespace Outerloop.Planning.Domains;

/// <summary>
/// A lift takes passengers from floor to floor, in the encoding of the learning track of IPC 2023. Between any two floors
/// there is a way up or down, so every task can be solved passenger by passenger.
/// </summary>
public sealed class Miconic : PlanningDomain
{
    private static readonly SizeParameter Passengers = new("passengers", "number of passengers")
    {
        Pool = new(1, 5),
        Larger = new(6, 8),
        Easy = new(1, 10),
        Medium = new(20, 80),
        Hard = new(50, 500),
    };

    private static readonly SizeParameter Floors = new("floors", "number of floors", Smallest: 2)
    {
        Pool = new(3, 8),
        Larger = new(9, 12),
        Easy = new(4, 20),
        Medium = new(30, 60),
        Hard = new(80, 200),
    };

    private static readonly NameSet PassengerSet = new("passenger", 10);
    private static readonly NameSet FloorSet = new("floor", 15);

    public override string Name => "miconic";

    public override IReadOnlyList<SizeParameter> Parameters { get; } = [Passengers, Floors];

    public override ImmutableArray<NameSet> NameSets { get; } = [PassengerSet, FloorSet];

    public override string Pddl { get; } = """
        (define (domain miconic)
          (:requirements :strips :typing)
          (:types passenger floor)

          (:predicates
            (origin ?who - passenger ?floor - floor)
            (destin ?who - passenger ?floor - floor)
            (above ?lower - floor ?upper - floor)
            (boarded ?who - passenger)
            (served ?who - passenger)
            (lift-at ?floor - floor))

          (:action board
            :parameters (?floor - floor ?who - passenger)
            :precondition (and (lift-at ?floor) (origin ?who ?floor))
            :effect (and (boarded ?who) (not (origin ?who ?floor))))

          (:action depart
            :parameters (?floor - floor ?who - passenger)
            :precondition (and (lift-at ?floor) (destin ?who ?floor) (boarded ?who))
            :effect (and (served ?who) (not (boarded ?who))))

          (:action up
            :parameters (?from - floor ?to - floor)
            :precondition (and (lift-at ?from) (above ?from ?to))
            :effect (and (lift-at ?to) (not (lift-at ?from))))

          (:action down
            :parameters (?from - floor ?to - floor)
            :precondition (and (lift-at ?from) (above ?to ?from))
            :effect (and (lift-at ?to) (not (lift-at ?from)))))

        """;

    protected override SolvableTask Draw(SizeRanges sizes, Random random)
    {
        var passengers = PassengerSet.Draw(sizes.Draw(Passengers, random), random);
        var floors = FloorSet.Draw(sizes.Draw(Floors, random), random);
        var lift = random.Next(floors.Length);
        (string Who, int From, int To)[] rides = [.. passengers.Select(who => DrawRide(who, floors.Length, random))];
        return new SolvableTask
        {
            Objects = [new("passenger", passengers), new("floor", floors)],
            Init =
            [
                $"(lift-at {floors[lift]})",
                .. rides.Select(ride => $"(origin {ride.Who} {floors[ride.From]})"),
                .. rides.Select(ride => $"(destin {ride.Who} {floors[ride.To]})"),
                .. floors.SelectMany((lower, level) => floors.Skip(level + 1).Select(upper => $"(above {lower} {upper})")),
            ],
            Goal = [.. passengers.Select(who => $"(served {who})")],
            Witness = OneByOne(rides, lift, floors),
        };
    }

    private static (string Who, int From, int To) DrawRide(string who, int floors, Random random)
    {
        var from = random.Next(floors);
        return (who, from, (from + 1 + random.Next(floors - 1)) % floors);
    }

    private static IEnumerable<string> OneByOne((string Who, int From, int To)[] rides, int lift, ImmutableArray<string> floors)
    {
        foreach (var (who, from, to) in rides)
        {
            if (lift != from)
                yield return Travel(lift, from, floors);
            yield return $"(board {floors[from]} {who})";
            yield return Travel(from, to, floors);
            yield return $"(depart {floors[to]} {who})";
            lift = to;
        }
    }

    private static string Travel(int from, int to, ImmutableArray<string> floors) =>
        $"({(from < to ? "up" : "down")} {floors[from]} {floors[to]})";
}
