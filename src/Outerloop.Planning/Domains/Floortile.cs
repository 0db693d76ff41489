using System.Collections.Immutable;

namespace Outerloop.Planning.Domains;

/// <summary>
/// Robots paint tiles above and below them in a pattern of two colours and cannot step on what is painted; in the encoding
/// of the learning track of IPC 2023. <see cref="FloortilePainter"/> says why every task can be solved. Painting oneself
/// into a corner is a dead end.
/// </summary>
public sealed class Floortile : PlanningDomain
{
    private static readonly ImmutableArray<string> Colours = ["white", "black"];

    private static readonly SizeParameter Rows = new("rows", "rows of tiles to paint; below them is one more")
    {
        Pool = new(1, 3),
        Larger = new(4, 5),
        Easy = new(3, 4),
        Medium = new(10, 20),
        Hard = new(25, 35),
    };

    private static readonly SizeParameter Columns = new("columns", "number of columns")
    {
        Pool = new(2, 4),
        Larger = new(4, 5),
        Easy = new(3, 6),
        Medium = new(10, 20),
        Hard = new(25, 35),
    };

    private static readonly SizeParameter Robots = new("robots", "number of robots, or that of the columns where it is less")
    {
        Pool = new(1, 2),
        Larger = new(2, 3),
        Easy = new(1, 3),
        Medium = new(4, 15),
        Hard = new(15, 35),
    };

    private static readonly SizeParameter Painted = new("painted", "percent of the tiles that shall be painted")
    {
        Pool = new(50, 100),
        Larger = new(50, 100),
        Easy = new(100, 100),
        Medium = new(100, 100),
        Hard = new(100, 100),
    };

    private static readonly NameSet TileSet = new("tile", 36);
    private static readonly NameSet RobotSet = new("robot", 4);

    public override string Name => "floortile";

    public override IReadOnlyList<SizeParameter> Parameters { get; } = [Rows, Columns, Robots, Painted];

    public override ImmutableArray<NameSet> NameSets { get; } = [TileSet, RobotSet];

    public override ImmutableArray<string> MeaningfulNames => Colours;

    public override string Pddl { get; } = """
        (define (domain floortile)
          (:requirements :strips :typing)
          (:types robot tile color)

          (:predicates
            (robot-at ?robot - robot ?tile - tile)
            (up ?tile - tile ?of - tile)
            (down ?tile - tile ?of - tile)
            (left ?tile - tile ?of - tile)
            (right ?tile - tile ?of - tile)
            (clear ?tile - tile)
            (painted ?tile - tile ?color - color)
            (robot-has ?robot - robot ?color - color)
            (available-color ?color - color))

          (:action change_color
            :parameters (?robot - robot ?old - color ?new - color)
            :precondition (and (robot-has ?robot ?old) (available-color ?new))
            :effect (and (robot-has ?robot ?new) (not (robot-has ?robot ?old))))

          (:action paint_up
            :parameters (?robot - robot ?tile - tile ?from - tile ?color - color)
            :precondition (and (robot-has ?robot ?color) (robot-at ?robot ?from) (up ?tile ?from) (clear ?tile))
            :effect (and (painted ?tile ?color) (not (clear ?tile))))

          (:action paint_down
            :parameters (?robot - robot ?tile - tile ?from - tile ?color - color)
            :precondition (and (robot-has ?robot ?color) (robot-at ?robot ?from) (down ?tile ?from) (clear ?tile))
            :effect (and (painted ?tile ?color) (not (clear ?tile))))

          (:action move_up
            :parameters (?robot - robot ?from - tile ?to - tile)
            :precondition (and (robot-at ?robot ?from) (up ?to ?from) (clear ?to))
            :effect (and (robot-at ?robot ?to) (not (robot-at ?robot ?from)) (clear ?from) (not (clear ?to))))

          (:action move_down
            :parameters (?robot - robot ?from - tile ?to - tile)
            :precondition (and (robot-at ?robot ?from) (down ?to ?from) (clear ?to))
            :effect (and (robot-at ?robot ?to) (not (robot-at ?robot ?from)) (clear ?from) (not (clear ?to))))

          (:action move_right
            :parameters (?robot - robot ?from - tile ?to - tile)
            :precondition (and (robot-at ?robot ?from) (right ?to ?from) (clear ?to))
            :effect (and (robot-at ?robot ?to) (not (robot-at ?robot ?from)) (clear ?from) (not (clear ?to))))

          (:action move_left
            :parameters (?robot - robot ?from - tile ?to - tile)
            :precondition (and (robot-at ?robot ?from) (left ?to ?from) (clear ?to))
            :effect (and (robot-at ?robot ?to) (not (robot-at ?robot ?from)) (clear ?from) (not (clear ?to)))))

        """;

    /// <summary>The roads between neighbours of a board, rightwards and upwards.</summary>
    internal static IEnumerable<Road> Grid(int tiles, int columns) =>
        Enumerable.Range(0, tiles).Where(tile => (tile + 1) % columns != 0).Select(tile => new Road(tile, tile + 1))
            .Concat(Enumerable.Range(0, tiles - columns).Select(tile => new Road(tile, tile + columns)));

    protected override SolvableTask Draw(SizeRanges sizes, Random random)
    {
        var (rows, columns) = (sizes.Draw(Rows, random), sizes.Draw(Columns, random));
        var robots = RobotSet.Draw(Math.Min(sizes.Draw(Robots, random), columns), random);
        var tiles = TileSet.Draw((rows + 1) * columns, random);
        var pattern = DrawPattern(tiles.Length, columns, sizes.Draw(Painted, random) / 100.0, random);
        int[] start = [.. Enumerable.Range(0, tiles.Length)];
        random.Shuffle(start);
        var stands = start.Take(robots.Length).ToImmutableArray();
        return new SolvableTask
        {
            Objects = [new("tile", tiles), new("robot", robots), new("color", Colours)],
            Init =
            [
                .. Colours.Select(colour => $"(available-color {colour})"),
                .. robots.Select((robot, i) => $"(robot-at {robot} {tiles[stands[i]]})"),
                .. robots.Select(robot => $"(robot-has {robot} {Colours[0]})"),
                .. start.Skip(robots.Length).Select(tile => $"(clear {tiles[tile]})"),
                .. Grid(tiles.Length, columns).SelectMany(road => Facts(road, columns, tiles)),
            ],
            Goal = [.. pattern.Select(tile => $"(painted {tiles[tile.Key]} {tile.Value})")],
            Witness = new FloortilePainter(columns, tiles, robots, pattern).Plan(stands, Colours[0]),
        };
    }

    /// <summary>A chessboard above the bottom row, some of its tiles left out.</summary>
    private static SortedDictionary<int, string> DrawPattern(int tiles, int columns, double share, Random random)
    {
        var swapped = random.Next(2);
        return new(Enumerable.Range(columns, tiles - columns)
            .Where(_ => random.NextDouble() < share)
            .ToDictionary(tile => tile, tile => Colours[((tile / columns) + (tile % columns) + swapped) % 2]));
    }

    private static IEnumerable<string> Facts(Road road, int columns, ImmutableArray<string> tiles)
    {
        var (there, back) = road.To == road.From + columns ? ("up", "down") : ("right", "left");
        yield return $"({there} {tiles[road.To]} {tiles[road.From]})";
        yield return $"({back} {tiles[road.From]} {tiles[road.To]})";
    }
}
