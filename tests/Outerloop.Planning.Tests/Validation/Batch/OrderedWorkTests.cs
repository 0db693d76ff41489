using Outerloop.Planning.Validation;

namespace Outerloop.Planning.Tests.Validation.Batch;

public sealed class OrderedWorkTests
{
    [Fact]
    public async Task Results_come_in_the_order_of_the_input_however_long_each_takes()
    {
        var results = await OrderedWork.Run(Enumerable.Range(0, 1000), Spun, 4, CancellationToken.None).ToListAsync();
        Assert.Equal(Enumerable.Range(0, 1000), results);
    }

    [Fact]
    public async Task No_more_than_the_given_threads_work_at_once()
    {
        int now = 0, most = 0;
        var work = OrderedWork.Run(
            Enumerable.Range(0, 200),
            item =>
            {
                var mine = Interlocked.Increment(ref now);
                InterlockedMax(ref most, mine);
                Spun(item);
                return Interlocked.Decrement(ref now);
            },
            2,
            CancellationToken.None);
        Assert.Equal(200, await work.CountAsync());
        Assert.InRange(most, 1, 2);
    }

    [Fact]
    public async Task Input_is_read_no_further_ahead_than_a_window()
    {
        var read = 0;
        IEnumerable<int> Endless()
        {
            while (true)
                yield return read++;
        }

        Assert.Equal(0, await OrderedWork.Run(Endless(), item => item, 2, CancellationToken.None).FirstAsync());
        Assert.InRange(read, 1, 1000);
    }

    private static int Spun(int item)
    {
        Thread.SpinWait((item * 7919) % 5000);
        return item;
    }

    private static void InterlockedMax(ref int target, int value)
    {
        int seen;
        while ((seen = Volatile.Read(ref target)) < value && Interlocked.CompareExchange(ref target, value, seen) != seen)
        {
        }
    }
}
