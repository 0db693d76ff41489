using Outerloop.Planning.Validation;

namespace Outerloop.Planning.Tests.Validation.Batch;

public sealed class BoundedCacheTests
{
    private readonly List<int> loaded = [];

    private BoundedCache<int, string> Cache(long capacity) =>
        new(capacity, key => { loaded.Add(key); return new string('x', key); }, value => value.Length);

    [Fact]
    public void A_value_is_loaded_once_while_it_is_kept()
    {
        var cache = Cache(10);
        for (var i = 0; i < 3; i++)
            Assert.Equal("xxxx", cache.Get(4));
        Assert.Equal([4], loaded);
    }

    [Fact]
    public void The_values_used_longest_ago_are_dropped_first()
    {
        var cache = Cache(10);
        foreach (var key in new[] { 3, 4, 3, 5, 3, 4 })
            cache.Get(key);
        Assert.Equal([3, 4, 5, 4], loaded);
    }

    [Fact]
    public void A_value_larger_than_the_cache_is_kept_until_the_next_one()
    {
        var cache = Cache(10);
        cache.Get(100);
        cache.Get(100);
        Assert.Equal(1, cache.Count);
        cache.Get(1);
        Assert.Equal(1, cache.Count);
        Assert.Equal([100, 1], loaded);
    }
}
