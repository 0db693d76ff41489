using System.Threading.Channels;
using Outerloop.Model.Sampling;

namespace Outerloop.Model.Tests.Sampling;

/// <summary>Which tokens of a stream are held back, and until when.</summary>
public sealed class TokenSinkTests
{
    private readonly SteppedClock _clock = new();

    [Fact]
    public void Between_the_first_token_and_the_last_a_burst_comes_when_its_time_is_over()
    {
        var sink = new TokenSink(TimeSpan.FromMilliseconds(20), _clock);
        for (int token = 0; token < 7; token++)
        {
            sink.Add(new SampledToken(token, 0, 0, token == 6 ? FinishReason.Stop : null));
            _clock.Milliseconds += 8;
        }

        sink.End(null!);
        Assert.Equal([[0], [1, 2, 3], [4, 5, 6]], Bursts(sink.Bursts));
    }

    [Fact]
    public void Nothing_is_held_back_where_no_time_is_given()
    {
        var sink = new TokenSink(TimeSpan.Zero, _clock);
        sink.Add(new SampledToken(1, 0, 0, null));
        sink.Add(new SampledToken(2, 0, 0, null));
        Assert.Equal([[1], [2]], Bursts(sink.Bursts));
    }

    [Fact]
    public void Without_an_end_to_the_time_all_comes_together_also_of_a_sequence_that_is_cancelled()
    {
        var sink = new TokenSink(null, _clock);
        for (int token = 0; token < 3; token++)
        {
            sink.Add(new SampledToken(token, 0, 0, null));
            _clock.Milliseconds += 60_000;
        }

        Assert.False(sink.Bursts.TryPeek(out _));
        sink.End(null!);
        Assert.Equal([[0, 1, 2]], Bursts(sink.Bursts));
    }

    private static List<int[]> Bursts(ChannelReader<SampledToken[]> bursts)
    {
        var all = new List<int[]>();
        while (bursts.TryRead(out SampledToken[]? burst))
            all.Add([.. burst.Select(token => token.Token)]);
        return all;
    }

    private sealed class SteppedClock : TimeProvider
    {
        public long Milliseconds { get; set; }

        public override long TimestampFrequency => 1000;

        public override long GetTimestamp() => Milliseconds;
    }
}
