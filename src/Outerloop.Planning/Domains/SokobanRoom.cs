using System.Collections.Immutable;

namespace Outerloop.Planning.Domains;

/// <summary>A way to step on the floor.</summary>
public enum Direction
{
    Up,
    Down,
    Left,
    Right,
}

/// <summary>
/// A room: cells in rows, each of them floor or wall, with walls all around. All floor is connected. Cells are numbered
/// row by row.
/// </summary>
public sealed class SokobanRoom
{
    public const int Wall = -1;

    private const double FewestWalls = 0.1, MostWalls = 0.25, LeastFloor = 0.6;
    private const int LongestBar = 3;

    private readonly bool[] isFloor;

    public SokobanRoom(int rows, int columns, IEnumerable<int> floor)
    {
        (Rows, Columns, isFloor) = (rows, columns, new bool[rows * columns]);
        foreach (var cell in floor)
            isFloor[cell] = true;
        Floor = [.. Enumerable.Range(0, isFloor.Length).Where(cell => isFloor[cell])];
    }

    public static ImmutableArray<Direction> Directions { get; } = [Direction.Up, Direction.Down, Direction.Left, Direction.Right];

    public int Rows { get; }

    public int Columns { get; }

    /// <summary>The cells that are floor, in their order.</summary>
    public ImmutableArray<int> Floor { get; }

    public int Cells => isFloor.Length;

    public static Direction Opposite(Direction direction) => (Direction)((int)direction ^ 1);

    /// <summary>
    /// A room with bars of wall in it, one to three cells long, which take up 10 to 25 % of it. The floor is its largest
    /// connected part, all else is wall; a room with little floor left is drawn again.
    /// </summary>
    public static SokobanRoom Draw(int rows, int columns, Random random)
    {
        while (true)
        {
            var scattered = new SokobanRoom(rows, columns, DrawFloor(rows, columns, random));
            var floor = scattered.LargestPart();
            if (floor.Count >= LeastFloor * rows * columns)
                return new SokobanRoom(rows, columns, floor);
        }
    }

    /// <summary>The cell next to a cell, or <see cref="Wall"/>.</summary>
    public int Next(int cell, Direction direction)
    {
        var (row, column) = (cell / Columns, cell % Columns);
        var next = direction switch
        {
            Direction.Up when row > 0 => cell - Columns,
            Direction.Down when row < Rows - 1 => cell + Columns,
            Direction.Left when column > 0 => cell - 1,
            Direction.Right when column < Columns - 1 => cell + 1,
            _ => Wall,
        };
        return next != Wall && isFloor[next] ? next : Wall;
    }

    /// <summary>The cells that can be walked to from a cell without entering a blocked one, nearest first.</summary>
    public List<int> Reachable(int start, Func<int, bool> isBlocked)
    {
        var seen = new bool[Cells];
        seen[start] = true;
        var cells = new List<int> { start };
        for (var i = 0; i < cells.Count; i++)
        {
            foreach (var direction in Directions)
            {
                var next = Next(cells[i], direction);
                if (next == Wall || seen[next] || isBlocked(next))
                    continue;
                seen[next] = true;
                cells.Add(next);
            }
        }

        return cells;
    }

    private static IEnumerable<int> DrawFloor(int rows, int columns, Random random)
    {
        var walls = new HashSet<int>();
        var wanted = rows * columns * (FewestWalls + ((MostWalls - FewestWalls) * random.NextDouble()));
        while (walls.Count < wanted)
        {
            var (row, column, isDown) = (random.Next(rows), random.Next(columns), random.Next(2) == 0);
            var length = random.Next(LongestBar) + 1;
            for (var i = 0; i < length && row < rows && column < columns; i++)
            {
                walls.Add((row * columns) + column);
                (row, column) = isDown ? (row + 1, column) : (row, column + 1);
            }
        }

        return Enumerable.Range(0, rows * columns).Where(cell => !walls.Contains(cell));
    }

    private List<int> LargestPart()
    {
        var seen = new HashSet<int>();
        List<int> largest = [];
        foreach (var part in Floor.Where(cell => !seen.Contains(cell)).Select(cell => Reachable(cell, _ => false)))
        {
            seen.UnionWith(part);
            if (part.Count > largest.Count)
                largest = part;
        }

        return largest;
    }
}
