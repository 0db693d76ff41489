using System.Collections.Immutable;

namespace Outerloop.Planning.Domains;

/// <summary>
/// Sokoban played backwards: the boxes start on their goals, and the robot pulls where it would push. Read backwards, what
/// it did is a plan: a pull takes the robot from the cell next to a box one cell further and the box to where the robot
/// was, so a push undoes it. Hence every position that this play reaches can be solved.
/// </summary>
public sealed class ReversePlay
{
    private const double GoOn = 0.75;
    private const int Rounds = 3;

    /// <summary>Of so many boxes one may stay where it is, shut in by others.</summary>
    private const int OneStaysOf = 10;

    private readonly SokobanRoom room;
    private readonly Random random;
    private readonly ImmutableArray<int> goals;
    private readonly int[] boxes;
    private readonly bool[] isOccupied;
    private readonly Direction[] cameBy;
    private readonly int[] visit;
    private readonly Stack<SokobanStep> steps = new();
    private int robot;
    private int visits;

    private ReversePlay(SokobanRoom room, ImmutableArray<int> goals, Random random)
    {
        (this.room, this.goals, this.random) = (room, goals, random);
        (boxes, isOccupied) = ([.. goals], new bool[room.Cells]);
        (cameBy, visit) = (new Direction[room.Cells], new int[room.Cells]);
        foreach (var goal in goals)
            isOccupied[goal] = true;
        var free = room.Floor.Where(cell => !isOccupied[cell]).ToArray();
        robot = free[random.Next(free.Length)];
    }

    /// <summary>
    /// Pulls every box away from its goal, up to the given number of cells, and walks away. Null when a box cannot be
    /// pulled; of ten boxes or more, a tenth may stay on their goals.
    /// </summary>
    public static SokobanTask? TryDraw(SokobanRoom room, ImmutableArray<int> goals, int mostPulls, Random random)
    {
        var play = new ReversePlay(room, goals, random);
        return play.PullAll(mostPulls) ? play.Ended() : null;
    }

    /// <summary>Boxes that are shut in at first get another turn when others are gone.</summary>
    private bool PullAll(int mostPulls)
    {
        var waiting = Enumerable.Range(0, boxes.Length).ToArray();
        random.Shuffle(waiting);
        for (var round = 0; round < Rounds && waiting.Length > 0; round++)
            waiting = [.. waiting.Where(box => !Pull(box, random.Next(mostPulls) + 1))];
        return waiting.Length <= boxes.Length / OneStaysOf;
    }

    private SokobanTask Ended()
    {
        var cells = room.Reachable(robot, cell => isOccupied[cell]);
        TryWalk(cells[random.Next(cells.Count)]);
        return new SokobanTask(room, robot, [.. boxes], goals, [.. steps]);
    }

    /// <summary>
    /// Pulls a box along a way that does not cross itself, so that it ends elsewhere, and not so far that the robot shuts
    /// itself in. False when the box does not move.
    /// </summary>
    private bool Pull(int box, int pulls)
    {
        var crossed = new HashSet<int> { boxes[box] };
        Direction? last = null;
        do
        {
            last = DrawDirections(last).Cast<Direction?>().FirstOrDefault(direction => TryPull(box, direction!.Value, crossed));
            crossed.Add(boxes[box]);
        }
        while (last is not null && crossed.Count <= pulls);

        var made = crossed.Count - 1;
        for (; made > 0 && !CanRoam(); made--)
            UndoPull();
        return made > 0;
    }

    /// <summary>Whether the robot can reach most of the floor.</summary>
    private bool CanRoam() => room.Reachable(robot, cell => isOccupied[cell]).Count * 2 >= room.Floor.Length - boxes.Length;

    /// <summary>Takes steps back up to the latest pull and with it; taken back, they are played forward.</summary>
    private void UndoPull()
    {
        SokobanStep step;
        do
        {
            step = steps.Pop();
            robot = room.Next(step.From, step.Direction);
        }
        while (step.Box == SokobanStep.NoBox);

        Place(step.Box, room.Next(robot, step.Direction));
    }

    private void Place(int box, int cell)
    {
        isOccupied[boxes[box]] = false;
        isOccupied[cell] = true;
        boxes[box] = cell;
    }

    /// <summary>All directions in random order, often with the last one first.</summary>
    private Direction[] DrawDirections(Direction? last)
    {
        var directions = SokobanRoom.Directions.ToArray();
        random.Shuffle(directions);
        return last is { } same && random.NextDouble() < GoOn ? [same, .. directions.Where(d => d != same)] : directions;
    }

    private bool TryPull(int box, Direction direction, HashSet<int> crossed)
    {
        var near = room.Next(boxes[box], direction);
        if (near == SokobanRoom.Wall || isOccupied[near] || crossed.Contains(near))
            return false;
        var far = room.Next(near, direction);
        if (far == SokobanRoom.Wall || isOccupied[far] || !TryWalk(near))
            return false;
        Place(box, near);
        robot = far;
        steps.Push(new SokobanStep(far, SokobanRoom.Opposite(direction), box));
        return true;
    }

    /// <summary>Walks a shortest way to a cell, if there is one.</summary>
    private bool TryWalk(int target)
    {
        if (!Search(target))
            return false;
        var way = new Stack<Direction>();
        for (var cell = target; cell != robot; cell = room.Next(cell, SokobanRoom.Opposite(cameBy[cell])))
            way.Push(cameBy[cell]);
        foreach (var direction in way)
        {
            robot = room.Next(robot, direction);
            steps.Push(new SokobanStep(robot, SokobanRoom.Opposite(direction), SokobanStep.NoBox));
        }

        return true;
    }

    /// <summary>Breadth-first search from the robot, which notes by which direction each cell was entered.</summary>
    private bool Search(int target)
    {
        visits++;
        visit[robot] = visits;
        var open = new Queue<int>([robot]);
        while (visit[target] != visits && open.TryDequeue(out var cell))
        {
            foreach (var direction in SokobanRoom.Directions)
            {
                var next = room.Next(cell, direction);
                if (next == SokobanRoom.Wall || isOccupied[next] || visit[next] == visits)
                    continue;
                (visit[next], cameBy[next]) = (visits, direction);
                open.Enqueue(next);
            }
        }

        return visit[target] == visits;
    }
}
