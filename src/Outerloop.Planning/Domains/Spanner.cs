using System.Collections.Immutable;

namespace Outerloop.Planning.Domains;

/// <summary>
/// Bob walks from the shed to the gate, never back, and tightens the nuts there with spanners that he finds on his way and
/// that each work once; in the encoding of the learning track of IPC 2023. There are no more nuts than spanners, so a task
/// is solved by picking up all. Walking past too many spanners is a dead end.
/// </summary>
public sealed class Spanner : PlanningDomain
{
    private const string Bob = "bob", Shed = "shed", Gate = "gate";

    private static readonly SizeParameter Spanners = new("spanners", "number of spanners")
    {
        Pool = new(2, 8),
        Larger = new(9, 10),
        Easy = new(1, 10),
        Medium = new(30, 90),
        Hard = new(100, 500),
    };

    private static readonly SizeParameter Nuts = new("nuts", "number of nuts, or that of the spanners where it is less")
    {
        Pool = new(1, 4),
        Larger = new(5, 6),
        Easy = new(1, 5),
        Medium = new(15, 50),
        Hard = new(50, 250),
    };

    private static readonly SizeParameter Locations = new("locations", "number of places between shed and gate")
    {
        Pool = new(3, 8),
        Larger = new(9, 10),
        Easy = new(4, 10),
        Medium = new(15, 45),
        Hard = new(50, 100),
    };

    private static readonly NameSet SpannerSet = new("spanner", 12);
    private static readonly NameSet NutSet = new("nut", 8);
    private static readonly NameSet LocationSet = new("location", 12);

    public override string Name => "spanner";

    public override IReadOnlyList<SizeParameter> Parameters { get; } = [Spanners, Nuts, Locations];

    public override ImmutableArray<NameSet> NameSets { get; } = [SpannerSet, NutSet, LocationSet];

    public override ImmutableArray<string> MeaningfulNames { get; } = [Bob, Shed, Gate];

    public override string Pddl { get; } = """
        (define (domain spanner)
          (:requirements :strips :typing)
          (:types location locatable - object man nut spanner - locatable)

          (:predicates
            (at ?thing - locatable ?place - location)
            (carrying ?man - man ?spanner - spanner)
            (usable ?spanner - spanner)
            (link ?from - location ?to - location)
            (tightened ?nut - nut)
            (loose ?nut - nut))

          (:action walk
            :parameters (?from - location ?to - location ?man - man)
            :precondition (and (at ?man ?from) (link ?from ?to))
            :effect (and (at ?man ?to) (not (at ?man ?from))))

          (:action pickup_spanner
            :parameters (?place - location ?spanner - spanner ?man - man)
            :precondition (and (at ?man ?place) (at ?spanner ?place))
            :effect (and (carrying ?man ?spanner) (not (at ?spanner ?place))))

          (:action tighten_nut
            :parameters (?place - location ?spanner - spanner ?man - man ?nut - nut)
            :precondition (and (at ?man ?place) (at ?nut ?place) (carrying ?man ?spanner) (usable ?spanner) (loose ?nut))
            :effect (and (tightened ?nut) (not (loose ?nut)) (not (usable ?spanner)))))

        """;

    protected override SolvableTask Draw(SizeRanges sizes, Random random)
    {
        var spanners = SpannerSet.Draw(sizes.Draw(Spanners, random), random);
        var nuts = NutSet.Draw(Math.Min(sizes.Draw(Nuts, random), spanners.Length), random);
        var between = LocationSet.Draw(sizes.Draw(Locations, random), random);
        ImmutableArray<string> way = [Shed, .. between, Gate];
        var finds = spanners.ToLookup(_ => between[random.Next(between.Length)]);
        return new SolvableTask
        {
            Objects = [new("man", [Bob]), new("spanner", spanners), new("nut", nuts), new("location", way)],
            Init =
            [
                $"(at {Bob} {Shed})",
                .. between.SelectMany(place => finds[place].Select(spanner => $"(at {spanner} {place})")),
                .. spanners.Select(spanner => $"(usable {spanner})"),
                .. nuts.Select(nut => $"(at {nut} {Gate})"),
                .. nuts.Select(nut => $"(loose {nut})"),
                .. way.Zip(way.Skip(1), (from, to) => $"(link {from} {to})"),
            ],
            Goal = [.. nuts.Select(nut => $"(tightened {nut})")],
            Witness = TakingAll(way, finds).Concat(nuts.Zip(spanners, (nut, spanner) => $"(tighten_nut {Gate} {spanner} {Bob} {nut})")),
        };
    }

    private static IEnumerable<string> TakingAll(ImmutableArray<string> way, ILookup<string, string> finds)
    {
        foreach (var (from, to) in way.Zip(way.Skip(1)))
        {
            yield return $"(walk {from} {to} {Bob})";
            foreach (var spanner in finds[to])
                yield return $"(pickup_spanner {to} {spanner} {Bob})";
        }
    }
}
