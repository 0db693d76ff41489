using System.Collections.Immutable;

namespace Outerloop.Planning.Domains;

/// <summary>
/// Vehicles of limited capacity carry packages along roads, in the encoding of the learning track of IPC 2023, without
/// costs. Roads connect all places in both directions and every vehicle holds a package or more, so a task is solved by one
/// vehicle, package by package.
/// </summary>
public sealed class Transport : PlanningDomain
{
    private const double OpenRoad = 0.5;

    private static readonly SizeParameter Vehicles = new("vehicles", "number of vehicles")
    {
        Pool = new(1, 2),
        Larger = new(2, 3),
        Easy = new(3, 6),
        Medium = new(10, 20),
        Hard = new(30, 50),
    };

    private static readonly SizeParameter Packages = new("packages", "number of packages")
    {
        Pool = new(1, 4),
        Larger = new(5, 6),
        Easy = new(1, 15),
        Medium = new(5, 45),
        Hard = new(20, 200),
    };

    private static readonly SizeParameter Locations = new("locations", "number of places", Smallest: 2)
    {
        Pool = new(3, 9),
        Larger = new(10, 12),
        Easy = new(5, 15),
        Medium = new(20, 40),
        Hard = new(50, 100),
    };

    private static readonly SizeParameter Capacity = new("capacity", "the most packages that a vehicle may hold")
    {
        Pool = new(2, 2),
        Larger = new(2, 2),
        Easy = new(2, 2),
        Medium = new(4, 4),
        Hard = new(10, 10),
    };

    private static readonly NameSet VehicleSet = new("vehicle", 4);
    private static readonly NameSet PackageSet = new("package", 8);
    private static readonly NameSet LocationSet = new("location", 15);
    private static readonly NameSet SizeSet = new("size", 4);

    public override string Name => "transport";

    public override IReadOnlyList<SizeParameter> Parameters { get; } = [Vehicles, Packages, Locations, Capacity];

    public override ImmutableArray<NameSet> NameSets { get; } = [VehicleSet, PackageSet, LocationSet, SizeSet];

    public override string Pddl { get; } = """
        (define (domain transport)
          (:requirements :strips :typing)
          (:types size location locatable - object vehicle package - locatable)

          (:predicates
            (road ?from - location ?to - location)
            (at ?thing - locatable ?place - location)
            (in ?package - package ?vehicle - vehicle)
            (capacity ?vehicle - vehicle ?free - size)
            (capacity-predecessor ?less - size ?more - size))

          (:action drive
            :parameters (?vehicle - vehicle ?from - location ?to - location)
            :precondition (and (at ?vehicle ?from) (road ?from ?to))
            :effect (and (at ?vehicle ?to) (not (at ?vehicle ?from))))

          (:action pick-up
            :parameters (?vehicle - vehicle ?place - location ?package - package ?less - size ?more - size)
            :precondition (and (at ?vehicle ?place) (at ?package ?place) (capacity-predecessor ?less ?more) (capacity ?vehicle ?more))
            :effect (and (in ?package ?vehicle) (not (at ?package ?place)) (capacity ?vehicle ?less) (not (capacity ?vehicle ?more))))

          (:action drop
            :parameters (?vehicle - vehicle ?place - location ?package - package ?less - size ?more - size)
            :precondition (and (at ?vehicle ?place) (in ?package ?vehicle) (capacity-predecessor ?less ?more) (capacity ?vehicle ?less))
            :effect (and (at ?package ?place) (not (in ?package ?vehicle)) (capacity ?vehicle ?more) (not (capacity ?vehicle ?less)))))

        """;

    protected override SolvableTask Draw(SizeRanges sizes, Random random)
    {
        var vehicles = VehicleSet.Draw(sizes.Draw(Vehicles, random), random);
        var packages = PackageSet.Draw(sizes.Draw(Packages, random), random);
        var places = LocationSet.Draw(sizes.Draw(Locations, random), random);
        var levels = SizeSet.Draw(sizes.Draw(Capacity, random) + 1, random);
        var roads = RoadMap.Lattice(places.Length).Thinned(OpenRoad, random);
        int[] garages = [.. vehicles.Select(_ => random.Next(places.Length))];
        int[] capacities = [.. vehicles.Select(_ => random.Next(1, levels.Length))];
        (string Package, int From, int To)[] orders = [.. packages.Select(package => (package, random.Next(places.Length), random.Next(places.Length)))];
        var van = new Van(vehicles[0], garages[0], $"{levels[capacities[0] - 1]} {levels[capacities[0]]}");
        return new SolvableTask
        {
            Objects = [new("vehicle", vehicles), new("package", packages), new("location", places), new("size", levels)],
            Init =
            [
                .. roads.BothWays.Select(road => $"(road {places[road.From]} {places[road.To]})"),
                .. vehicles.Select((vehicle, i) => $"(at {vehicle} {places[garages[i]]})"),
                .. vehicles.Select((vehicle, i) => $"(capacity {vehicle} {levels[capacities[i]]})"),
                .. levels.Zip(levels.Skip(1), (less, more) => $"(capacity-predecessor {less} {more})"),
                .. orders.Select(order => $"(at {order.Package} {places[order.From]})"),
            ],
            Goal = [.. orders.Select(order => $"(at {order.Package} {places[order.To]})")],
            Witness = Deliver(orders, van, roads, places),
        };
    }

    private static IEnumerable<string> Deliver((string Package, int From, int To)[] orders, Van van, RoadMap roads, ImmutableArray<string> places)
    {
        var at = van.Garage;
        foreach (var (package, from, to) in orders)
        {
            foreach (var (place, what) in new[] { (from, "pick-up"), (to, "drop") })
            {
                foreach (var next in roads.Way(at, wanted => wanted == place))
                {
                    yield return $"(drive {van.Name} {places[at]} {places[next]})";
                    at = next;
                }

                yield return $"({what} {van.Name} {places[at]} {package} {van.Levels})";
            }
        }
    }

    /// <summary>The vehicle that delivers all.</summary>
    /// <param name="Levels">Its free capacity with a package in it and without.</param>
    private sealed record Van(string Name, int Garage, string Levels);
}
