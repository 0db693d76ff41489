using System.Collections.Immutable;

namespace Outerloop.Planning.Domains;

/// <summary>
/// The plan that paints from the top, every tile from the one below it, so that nobody needs a painted tile again. The
/// robots gather at the left of the bottom row. The last of them paints row by row, then what lies to the right of the
/// others; these paint what is above their heads. That works for any colours and up to a robot for each column.
/// </summary>
/// <param name="columns">Tiles in a row; tiles are numbered row by row from the bottom.</param>
/// <param name="tiles">Their names.</param>
/// <param name="robots">The names of the robots.</param>
/// <param name="colours">The colour for each tile that shall be painted.</param>
internal sealed class FloortilePainter(int columns, ImmutableArray<string> tiles, ImmutableArray<string> robots, IReadOnlyDictionary<int, string> colours)
{
    private readonly List<string> steps = [];
    private int[] position = [];
    private string[] colour = [];

    private int Home => robots.Length - 1;

    /// <param name="start">Where each robot stands.</param>
    /// <param name="startColour">The colour that they all have.</param>
    public IEnumerable<string> Plan(ImmutableArray<int> start, string startColour)
    {
        steps.Clear();
        (position, colour) = ([.. start], [.. start.Select(_ => startColour)]);
        for (var place = 0; place <= Home; place++)
            Fetch(place);
        PaintRows(At(Home));
        for (var place = 0; place < Home; place++)
            PaintAbove(At(place));
        foreach (var step in steps)
            yield return step;
    }

    private int At(int tile) => Array.IndexOf(position, tile);

    /// <summary>Moves the nearest robot to a place of the bottom row; those at the places before it stand in the way.</summary>
    private void Fetch(int place)
    {
        var free = new RoadMap(tiles.Length, Floortile.Grid(tiles.Length, columns).Where(road => road.From >= place && road.To >= place));
        var way = free.Way(place, tile => At(tile) >= 0);
        var robot = At(way.IsEmpty ? place : way[^1]);
        foreach (var tile in way.Reverse().Skip(1))
            Move(robot, tile);
        if (!way.IsEmpty)
            Move(robot, place);
    }

    private void PaintRows(int robot)
    {
        var top = (tiles.Length / columns) - 2;
        for (var row = 1; row <= top; row++)
            Move(robot, (row * columns) + Home);
        for (var row = top; row >= 0; row--)
        {
            var first = row * columns;
            if (position[robot] != first + Home)
                Move(robot, first + Home);
            PaintRow(robot, row == 0 ? Home : first, first + Home, first + columns - 1);
        }
    }

    /// <summary>Goes to the left end, paints up to the right end, and comes back.</summary>
    private void PaintRow(int robot, int left, int home, int right)
    {
        for (var tile = home - 1; tile >= left; tile--)
            Move(robot, tile);
        PaintAbove(robot);
        for (var tile = left + 1; tile <= right; tile++)
        {
            Move(robot, tile);
            PaintAbove(robot);
        }

        for (var tile = right - 1; tile >= home; tile--)
            Move(robot, tile);
    }

    private void PaintAbove(int robot)
    {
        var (from, tile) = (position[robot], position[robot] + columns);
        if (!colours.TryGetValue(tile, out var wanted))
            return;
        if (colour[robot] != wanted)
            steps.Add($"(change_color {robots[robot]} {colour[robot]} {wanted})");
        colour[robot] = wanted;
        steps.Add($"(paint_up {robots[robot]} {tiles[tile]} {tiles[from]} {wanted})");
    }

    private void Move(int robot, int to)
    {
        var from = position[robot];
        var way = to == from + columns ? "up" : to == from - columns ? "down" : to < from ? "left" : "right";
        steps.Add($"(move_{way} {robots[robot]} {tiles[from]} {tiles[to]})");
        position[robot] = to;
    }
}
