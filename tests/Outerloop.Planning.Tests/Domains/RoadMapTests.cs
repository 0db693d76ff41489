using FsCheck.Xunit;
using Outerloop.Planning.Domains;

namespace Outerloop.Planning.Tests.Domains;

public sealed class RoadMapTests
{
    [Fact]
    public void A_lattice_is_as_square_as_can_be()
    {
        Assert.Equal([new(0, 1), new(0, 2), new(1, 3), new(2, 3)], RoadMap.Lattice(4).Roads.OrderBy(road => (road.From, road.To)));
        Assert.Equal([new(0, 1), new(0, 3), new(1, 2), new(1, 4), new(3, 4)], RoadMap.Lattice(5).Roads.OrderBy(road => (road.From, road.To)));
        Assert.Equal(24, RoadMap.Lattice(16).Roads.Length);
    }

    [Property(MaxTest = 200)]
    public void Thinning_keeps_all_places_connected(int seed)
    {
        var random = new Random(seed);
        var places = random.Next(1, 30);
        var map = RoadMap.Lattice(places);

        var tree = map.Thinned(0, random);

        Assert.Equal(places - 1, tree.Roads.Length);
        Assert.Subset(map.Roads.ToHashSet(), tree.Roads.ToHashSet());
        Assert.All(Enumerable.Range(0, places), place => tree.Way(0, at => at == place));
        Assert.Equal(map.Roads.Length, map.Thinned(1, random).Roads.Length);
    }

    [Fact]
    public void A_way_is_the_shortest_and_goes_along_roads() =>
        Assert.Equal([1, 2, 5, 8], RoadMap.Lattice(9).Way(0, place => place == 8).Order());

    [Fact]
    public void A_way_to_where_one_is_has_no_places() => Assert.Empty(RoadMap.Lattice(9).Way(4, place => place == 4));

    [Fact]
    public void Shortcuts_link_what_has_no_road()
    {
        var map = RoadMap.Lattice(5).WithShortcuts(1, new Random(0));

        Assert.Equal(10, map.Roads.Distinct().Count());
    }
}
