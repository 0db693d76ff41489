using System.Collections.Immutable;

namespace Outerloop.Planning.Domains;

/// <summary>A link between two places, passable in both directions.</summary>
public readonly record struct Road(int From, int To)
{
    public Road Back => new(To, From);
}

/// <summary>Places and the roads between them.</summary>
public sealed class RoadMap
{
    private readonly ImmutableArray<ImmutableArray<int>> neighbours;

    public RoadMap(int places, IEnumerable<Road> roads)
    {
        Roads = [.. roads];
        var lists = Enumerable.Range(0, places).Select(_ => ImmutableArray.CreateBuilder<int>()).ToArray();
        foreach (var road in Roads)
        {
            lists[road.From].Add(road.To);
            lists[road.To].Add(road.From);
        }

        neighbours = [.. lists.Select(list => list.ToImmutable())];
    }

    public int Places => neighbours.Length;

    /// <summary>Each road once, in one of its directions.</summary>
    public ImmutableArray<Road> Roads { get; }

    public IEnumerable<Road> BothWays => Roads.SelectMany(road => new[] { road, road.Back });

    public ImmutableArray<int> Neighbours(int place) => neighbours[place];

    /// <summary>Columns of <see cref="Lattice"/>.</summary>
    public static int LatticeColumns(int places) => (int)Math.Ceiling(Math.Sqrt(places));

    /// <summary>The squarest lattice of the places, row by row; its last row may be unfinished. Neighbours are linked.</summary>
    public static RoadMap Lattice(int places)
    {
        var columns = LatticeColumns(places);
        var across = Enumerable.Range(0, places).Where(p => (p + 1) % columns != 0 && p + 1 < places).Select(p => new Road(p, p + 1));
        var down = Enumerable.Range(0, Math.Max(0, places - columns)).Select(p => new Road(p, p + columns));
        return new RoadMap(places, across.Concat(down));
    }

    /// <summary>
    /// A part of a connected map that connects all places still: the roads of a random spanning tree (Kruskal's, on
    /// shuffled roads), and each other road with the given chance.
    /// </summary>
    public RoadMap Thinned(double chance, Random random)
    {
        var roads = Roads.ToArray();
        random.Shuffle(roads);
        var group = Enumerable.Range(0, Places).ToArray();
        return new RoadMap(Places, roads.Where(road => Join(group, road) || random.NextDouble() < chance).ToArray());
    }

    /// <summary>The map with each pair of places that has no road linked with the given chance.</summary>
    public RoadMap WithShortcuts(double chance, Random random)
    {
        var known = BothWays.ToHashSet();
        var more =
            from a in Enumerable.Range(0, Places)
            from b in Enumerable.Range(a + 1, Places - a - 1)
            let road = new Road(a, b)
            where !known.Contains(road) && random.NextDouble() < chance
            select road;
        return chance <= 0 ? this : new RoadMap(Places, [.. Roads, .. more]);
    }

    /// <summary>The places of a shortest way, without the start, to the nearest place that is wanted.</summary>
    /// <exception cref="InvalidOperationException">No way leads to such a place.</exception>
    public ImmutableArray<int> Way(int start, Func<int, bool> isWanted)
    {
        var cameFrom = new Dictionary<int, int> { [start] = start };
        var open = new Queue<int>([start]);
        while (open.TryDequeue(out var place))
        {
            if (isWanted(place))
                return Trace(cameFrom, place);
            foreach (var next in Neighbours(place).Where(next => cameFrom.TryAdd(next, place)))
                open.Enqueue(next);
        }

        throw new InvalidOperationException($"no way from place {start}");
    }

    private static ImmutableArray<int> Trace(Dictionary<int, int> cameFrom, int end)
    {
        var way = new Stack<int>();
        for (var place = end; cameFrom[place] != place; place = cameFrom[place])
            way.Push(place);
        return [.. way];
    }

    /// <summary>Joins the groups of both ends; false where they are one group already.</summary>
    private static bool Join(int[] group, Road road)
    {
        var (a, b) = (Leader(group, road.From), Leader(group, road.To));
        group[a] = b;
        return a != b;
    }

    private static int Leader(int[] group, int place)
    {
        while (group[place] != place)
            place = group[place] = group[group[place]];
        return place;
    }
}
