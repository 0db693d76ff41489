using System.Collections.Immutable;

namespace Outerloop.Planning.Domains;

/// <summary>
/// A ferry takes cars where they want to go, one at a time, in the encoding of the learning track of IPC 2023. It sails
/// between any two places, so every task can be solved car by car.
/// </summary>
public sealed class Ferry : PlanningDomain
{
    private static readonly SizeParameter Cars = new("cars", "number of cars")
    {
        Pool = new(2, 6),
        Larger = new(7, 9),
        Easy = new(1, 20),
        Medium = new(10, 100),
        Hard = new(200, 1000),
    };

    private static readonly SizeParameter Locations = new("locations", "number of places", Smallest: 2)
    {
        Pool = new(3, 9),
        Larger = new(10, 12),
        Easy = new(5, 15),
        Medium = new(20, 50),
        Hard = new(100, 500),
    };

    private static readonly NameSet CarSet = new("car", 10);
    private static readonly NameSet LocationSet = new("place", 15);

    public override string Name => "ferry";

    public override IReadOnlyList<SizeParameter> Parameters { get; } = [Cars, Locations];

    public override ImmutableArray<NameSet> NameSets { get; } = [CarSet, LocationSet];

    public override string Pddl { get; } = """
        (define (domain ferry)
          (:requirements :strips :typing :negative-preconditions)
          (:types car location)

          (:predicates
            (at-ferry ?place - location)
            (at ?car - car ?place - location)
            (empty-ferry)
            (on ?car - car))

          (:action sail
            :parameters (?from - location ?to - location)
            :precondition (and (at-ferry ?from) (not (at-ferry ?to)))
            :effect (and (at-ferry ?to) (not (at-ferry ?from))))

          (:action board
            :parameters (?car - car ?place - location)
            :precondition (and (at ?car ?place) (at-ferry ?place) (empty-ferry))
            :effect (and (on ?car) (not (at ?car ?place)) (not (empty-ferry))))

          (:action debark
            :parameters (?car - car ?place - location)
            :precondition (and (on ?car) (at-ferry ?place))
            :effect (and (at ?car ?place) (empty-ferry) (not (on ?car)))))

        """;

    protected override SolvableTask Draw(SizeRanges sizes, Random random)
    {
        var cars = CarSet.Draw(sizes.Draw(Cars, random), random);
        var places = LocationSet.Draw(sizes.Draw(Locations, random), random);
        var ferry = places[random.Next(places.Length)];
        (string Car, string From, string To)[] trips =
            [.. cars.Select(car => (car, places[random.Next(places.Length)], places[random.Next(places.Length)]))];
        return new SolvableTask
        {
            Objects = [new("car", cars), new("location", places)],
            Init = [$"(at-ferry {ferry})", "(empty-ferry)", .. trips.Select(trip => $"(at {trip.Car} {trip.From})")],
            Goal = [.. trips.Select(trip => $"(at {trip.Car} {trip.To})")],
            Witness = CarByCar(trips, ferry),
        };
    }

    private static IEnumerable<string> CarByCar((string Car, string From, string To)[] trips, string ferry)
    {
        foreach (var (car, from, to) in trips.Where(trip => trip.From != trip.To))
        {
            if (ferry != from)
                yield return $"(sail {ferry} {from})";
            yield return $"(board {car} {from})";
            yield return $"(sail {from} {to})";
            yield return $"(debark {car} {to})";
            ferry = to;
        }
    }
}
