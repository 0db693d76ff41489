using System.Collections.Immutable;

namespace Outerloop.Planning.Domains;

/// <summary>
/// A robot pushes boxes to their places, in the encoding of the learning track of IPC 2023, where each box has a place of
/// its own and the cell of the robot counts as clear. Only floor is told, not walls. Tasks are made by
/// <see cref="ReversePlay"/> and so can be solved, though by no means from every position: a box in a corner stays there.
/// </summary>
/// <remarks>
/// The name of a cell says where it is on a board that is the same in all tasks of its size or less; where on the board the
/// room lies is random.
/// </remarks>
public sealed class Sokoban : PlanningDomain
{
    /// <summary>Rows and columns of the board; rooms that are larger make their own.</summary>
    private const int Board = 10;

    private const int Patience = 100;

    private static readonly SizeParameter Grid = new("grid", "rows, and columns, each drawn by itself, inside the outer walls", Smallest: 3)
    {
        Pool = new(4, 8),
        Larger = new(9, 10),
        Easy = new(8, 13),
        Medium = new(20, 50),
        Hard = new(60, 100),
    };

    private static readonly SizeParameter Boxes = new("boxes", "number of boxes")
    {
        Pool = new(1, 3),
        Larger = new(2, 4),
        Easy = new(1, 4),
        Medium = new(5, 35),
        Hard = new(40, 80),
    };

    private static readonly NameSet BoxSet = new("box", 6);

    public override string Name => "sokoban";

    public override IReadOnlyList<SizeParameter> Parameters { get; } = [Grid, Boxes];

    public override ImmutableArray<NameSet> NameSets { get; } = [BoxSet];

    public override ImmutableArray<string> MeaningfulNames { get; } =
    [
        .. SokobanRoom.Directions.Select(Word),
        .. Enumerable.Range(0, Board * Board).Select(cell => CellName(cell / Board, cell % Board)),
    ];

    /// <summary>Floor cells are next to each other exactly where their names are.</summary>
    public override ImmutableArray<string> ImpliedPredicates { get; } = ["adjacent"];

    public override string Pddl { get; } = """
        (define (domain sokoban)
          (:requirements :strips :typing)
          (:types location direction box)
          (:constants up down left right - direction)

          (:predicates
            (at-robot ?cell - location)
            (at ?box - box ?cell - location)
            (adjacent ?cell - location ?next - location ?direction - direction)
            (clear ?cell - location))

          (:action move
            :parameters (?from - location ?to - location ?direction - direction)
            :precondition (and (at-robot ?from) (clear ?to) (adjacent ?from ?to ?direction))
            :effect (and (at-robot ?to) (not (at-robot ?from))))

          (:action push
            :parameters (?robot - location ?from - location ?to - location ?direction - direction ?box - box)
            :precondition (and (at-robot ?robot) (at ?box ?from) (clear ?to)
              (adjacent ?robot ?from ?direction) (adjacent ?from ?to ?direction))
            :effect (and (at-robot ?from) (not (at-robot ?robot))
              (at ?box ?to) (not (at ?box ?from))
              (clear ?from) (not (clear ?to)))))

        """;

    /// <summary>Draws a task in which no box is on its goal, or few are among many.</summary>
    /// <exception cref="ImpossibleSizesException">The boxes find no room.</exception>
    public static SokobanTask DrawTask(SizeRanges sizes, Random random)
    {
        var (rows, columns, boxes) = (sizes.Draw(Grid, random), sizes.Draw(Grid, random), sizes.Draw(Boxes, random));
        for (var attempt = 0; attempt < Patience; attempt++)
        {
            var room = SokobanRoom.Draw(rows, columns, random);
            var goals = DrawGoals(room, boxes, random);
            if (goals.Length == boxes && ReversePlay.TryDraw(room, goals, Math.Max(1, (rows + columns) / 2), random) is { } task)
                return task;
        }

        throw new ImpossibleSizesException($"{boxes} boxes find no room on a grid of {rows} x {columns}; ask for fewer, or a larger grid");
    }

    protected override SolvableTask Draw(SizeRanges sizes, Random random)
    {
        var task = DrawTask(sizes, random);
        var boxes = BoxSet.Draw(task.Boxes.Length, random);
        var cells = DrawCellNames(task.Room, random);
        return new SolvableTask
        {
            Objects = [new("location", [.. task.Room.Floor.Select(cell => cells[cell])]), new("box", boxes)],
            Init = [.. Facts(task, boxes, cells)],
            Goal = [.. task.Goals.Select((cell, box) => $"(at {boxes[box]} {cells[cell]})")],
            Witness = task.Steps.Select(step => Tell(task.Room, step, boxes, cells)),
        };
    }

    /// <summary>Places for boxes that can be pulled away from there and leave the rest of the floor connected; all there are, if too few.</summary>
    private static ImmutableArray<int> DrawGoals(SokobanRoom room, int count, Random random)
    {
        var cells = room.Floor.ToArray();
        random.Shuffle(cells);
        var goals = ImmutableArray.CreateBuilder<int>();
        var isGoal = new bool[room.Cells];
        for (var i = 0; i < cells.Length && goals.Count < count; i++)
        {
            isGoal[cells[i]] = true;
            if (HasWayOut(room, cells[i]) && IsConnected(room, cell => isGoal[cell], goals.Count + 1))
                goals.Add(cells[i]);
            else
                isGoal[cells[i]] = false;
        }

        return goals.ToImmutable();
    }

    private static bool HasWayOut(SokobanRoom room, int cell) => SokobanRoom.Directions.Any(direction =>
        room.Next(cell, direction) is var near and not SokobanRoom.Wall && room.Next(near, direction) != SokobanRoom.Wall);

    private static bool IsConnected(SokobanRoom room, Func<int, bool> isBlocked, int blocked)
    {
        var free = room.Floor.Length - blocked;
        return free > 0 && room.Reachable(room.Floor.First(cell => !isBlocked(cell)), isBlocked).Count == free;
    }

    /// <summary>Names of all cells of a room that lies somewhere on the board.</summary>
    private static string[] DrawCellNames(SokobanRoom room, Random random)
    {
        var top = random.Next(Math.Max(0, Board - room.Rows) + 1);
        var left = random.Next(Math.Max(0, Board - room.Columns) + 1);
        return [.. Enumerable.Range(0, room.Cells).Select(cell => CellName(top + (cell / room.Columns), left + (cell % room.Columns)))];
    }

    private static IEnumerable<string> Facts(SokobanTask task, ImmutableArray<string> boxes, string[] cells)
    {
        yield return $"(at-robot {cells[task.Robot]})";
        foreach (var (box, cell) in task.Boxes.Select((cell, box) => (box, cell)))
            yield return $"(at {boxes[box]} {cells[cell]})";
        foreach (var cell in task.Room.Floor.Except(task.Boxes))
            yield return $"(clear {cells[cell]})";
        foreach (var cell in task.Room.Floor)
        {
            foreach (var direction in SokobanRoom.Directions.Where(direction => task.Room.Next(cell, direction) != SokobanRoom.Wall))
                yield return $"(adjacent {cells[cell]} {cells[task.Room.Next(cell, direction)]} {Word(direction)})";
        }
    }

    private static string Tell(SokobanRoom room, SokobanStep step, ImmutableArray<string> boxes, string[] cells)
    {
        var next = room.Next(step.From, step.Direction);
        return step.Box == SokobanStep.NoBox
            ? $"(move {cells[step.From]} {cells[next]} {Word(step.Direction)})"
            : $"(push {cells[step.From]} {cells[next]} {cells[room.Next(next, step.Direction)]} {Word(step.Direction)} {boxes[step.Box]})";
    }

    private static string CellName(int row, int column) => $"loc_{row + 1}_{column + 1}";

    private static string Word(Direction direction) => direction.ToString().ToLowerInvariant();
}
