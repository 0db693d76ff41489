using System.Collections.Immutable;

namespace Outerloop.Planning.Domains;

/// <summary>
/// Sandwiches for children, some of whom are allergic to gluten, in the encoding of the learning track of IPC 2023. There
/// is a sandwich, bread and content for each child, free of gluten for as many as need it, so a task is solved by making
/// the sandwiches without gluten first. Giving gluten-free bread to others is a dead end.
/// </summary>
public sealed class Childsnack : PlanningDomain
{
    private const string Kitchen = "kitchen";
    private const int Tables = 3;

    private static readonly SizeParameter Children = new("children", "number of children")
    {
        Pool = new(3, 8),
        Larger = new(9, 10),
        Easy = new(4, 10),
        Medium = new(15, 40),
        Hard = new(50, 300),
    };

    private static readonly SizeParameter Trays = new("trays", "number of trays")
    {
        Pool = new(1, 3),
        Larger = new(2, 3),
        Easy = new(1, 3),
        Medium = new(2, 5),
        Hard = new(4, 10),
    };

    private static readonly NameSet ChildSet = new("child", 12);
    private static readonly NameSet TraySet = new("tray", 4);
    private static readonly NameSet SandwichSet = new("sandwich", 18);
    private static readonly NameSet BreadSet = new("bread", 12);
    private static readonly NameSet ContentSet = new("content", 12);
    private static readonly NameSet TableSet = new("table", Tables);

    public override string Name => "childsnack";

    public override IReadOnlyList<SizeParameter> Parameters { get; } = [Children, Trays];

    public override ImmutableArray<NameSet> NameSets { get; } = [ChildSet, TraySet, SandwichSet, BreadSet, ContentSet, TableSet];

    public override ImmutableArray<string> MeaningfulNames { get; } = [Kitchen];

    public override string Pddl { get; } = """
        (define (domain childsnack)
          (:requirements :strips :typing :negative-preconditions)
          (:types child bread-portion content-portion sandwich tray place)
          (:constants kitchen - place)

          (:predicates
            (at_kitchen_bread ?bread - bread-portion)
            (at_kitchen_content ?content - content-portion)
            (at_kitchen_sandwich ?sandwich - sandwich)
            (no_gluten_bread ?bread - bread-portion)
            (no_gluten_content ?content - content-portion)
            (no_gluten_sandwich ?sandwich - sandwich)
            (notexist ?sandwich - sandwich)
            (ontray ?sandwich - sandwich ?tray - tray)
            (allergic_gluten ?child - child)
            (not_allergic_gluten ?child - child)
            (served ?child - child)
            (waiting ?child - child ?place - place)
            (at ?tray - tray ?place - place))

          (:action make_sandwich_no_gluten
            :parameters (?sandwich - sandwich ?bread - bread-portion ?content - content-portion)
            :precondition (and (notexist ?sandwich) (at_kitchen_bread ?bread) (at_kitchen_content ?content)
              (no_gluten_bread ?bread) (no_gluten_content ?content))
            :effect (and (at_kitchen_sandwich ?sandwich) (no_gluten_sandwich ?sandwich) (not (notexist ?sandwich))
              (not (at_kitchen_bread ?bread)) (not (at_kitchen_content ?content))))

          (:action make_sandwich
            :parameters (?sandwich - sandwich ?bread - bread-portion ?content - content-portion)
            :precondition (and (notexist ?sandwich) (at_kitchen_bread ?bread) (at_kitchen_content ?content))
            :effect (and (at_kitchen_sandwich ?sandwich) (not (notexist ?sandwich))
              (not (at_kitchen_bread ?bread)) (not (at_kitchen_content ?content))))

          (:action put_on_tray
            :parameters (?sandwich - sandwich ?tray - tray)
            :precondition (and (at_kitchen_sandwich ?sandwich) (at ?tray kitchen))
            :effect (and (ontray ?sandwich ?tray) (not (at_kitchen_sandwich ?sandwich))))

          (:action serve_sandwich_no_gluten
            :parameters (?sandwich - sandwich ?child - child ?tray - tray ?place - place)
            :precondition (and (allergic_gluten ?child) (waiting ?child ?place) (at ?tray ?place)
              (ontray ?sandwich ?tray) (no_gluten_sandwich ?sandwich))
            :effect (and (served ?child) (not (ontray ?sandwich ?tray))))

          (:action serve_sandwich
            :parameters (?sandwich - sandwich ?child - child ?tray - tray ?place - place)
            :precondition (and (not_allergic_gluten ?child) (waiting ?child ?place) (at ?tray ?place) (ontray ?sandwich ?tray))
            :effect (and (served ?child) (not (ontray ?sandwich ?tray))))

          (:action move_tray
            :parameters (?tray - tray ?from - place ?to - place)
            :precondition (and (at ?tray ?from) (not (at ?tray ?to)))
            :effect (and (at ?tray ?to) (not (at ?tray ?from)))))

        """;

    protected override SolvableTask Draw(SizeRanges sizes, Random random)
    {
        var count = sizes.Draw(Children, random);
        var trays = TraySet.Draw(sizes.Draw(Trays, random), random);
        var (children, breads, contents) = (ChildSet.Draw(count, random), BreadSet.Draw(count, random), ContentSet.Draw(count, random));
        var sandwiches = SandwichSet.Draw(random.Next(count, count + (count / 2) + 1), random);
        var tables = TableSet.Draw(Tables, random);
        var seats = children.Select(_ => tables[random.Next(tables.Length)]).ToImmutableArray();
        var allergic = random.Next(count + 1);
        return new SolvableTask
        {
            Objects = [new("child", children), new("tray", trays), new("sandwich", sandwiches), new("bread-portion", breads), new("content-portion", contents), new("place", tables)],
            Init =
            [
                .. trays.Select(tray => $"(at {tray} {Kitchen})"),
                .. breads.Select(bread => $"(at_kitchen_bread {bread})"),
                .. contents.Select(content => $"(at_kitchen_content {content})"),
                .. breads.Take(allergic).Select(bread => $"(no_gluten_bread {bread})"),
                .. contents.Take(allergic).Select(content => $"(no_gluten_content {content})"),
                .. sandwiches.Select(sandwich => $"(notexist {sandwich})"),
                .. children.Select((child, i) => $"({(i < allergic ? "allergic_gluten" : "not_allergic_gluten")} {child})"),
                .. children.Zip(seats, (child, table) => $"(waiting {child} {table})"),
            ],
            Goal = [.. children.Select(child => $"(served {child})")],
            Witness = children.SelectMany((child, i) =>
                Serve(i < allergic ? "_no_gluten" : "", child, seats[i], sandwiches[i], $"{breads[i]} {contents[i]}", trays[0])),
        };
    }

    private static IEnumerable<string> Serve(string kind, string child, string table, string sandwich, string ingredients, string tray) =>
    [
        $"(make_sandwich{kind} {sandwich} {ingredients})",
        $"(put_on_tray {sandwich} {tray})",
        $"(move_tray {tray} {Kitchen} {table})",
        $"(serve_sandwich{kind} {sandwich} {child} {tray} {table})",
        $"(move_tray {tray} {table} {Kitchen})",
    ];
}
