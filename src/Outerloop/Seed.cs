namespace Outerloop;

/// <summary>
/// A point in the tree of random streams. Every purpose takes its own branch, <c>seed.Then("deploy").Then(generation)</c>,
/// so that one stream never depends on how much another has drawn, nor on the order in which the work is done.
/// </summary>
public readonly record struct Seed(ulong Value)
{
    public Seed Then(long number) => new(Model.SplitMix64.Mix(Value ^ Model.SplitMix64.Mix((ulong)number + 0x9E3779B97F4A7C15UL)));

    public Seed Then(string word)
    {
        ulong hash = 0xCBF29CE484222325UL; // FNV-1a, 64 bits
        foreach (char letter in word)
            hash = (hash ^ letter) * 0x100000001B3UL;
        return Then((long)hash);
    }

    /// <summary>A generator for code that wants a <see cref="Random"/>.</summary>
    public Random ToRandom() => new SplitMixRandom(Value);

    private sealed class SplitMixRandom(ulong seed) : Random(0)
    {
        private Model.SplitMix64 _stream = new(seed);

        public override int Next() => _stream.Next(int.MaxValue);

        public override int Next(int maxValue)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(maxValue);
            return maxValue == 0 ? 0 : _stream.Next(maxValue);
        }

        public override int Next(int minValue, int maxValue) => minValue + Next(maxValue - minValue);

        public override double NextDouble() => _stream.NextDouble();

        protected override double Sample() => _stream.NextDouble();

        public override long NextInt64() => (long)(_stream.NextUInt64() >> 1);

        public override void NextBytes(byte[] buffer) => NextBytes(buffer.AsSpan());

        public override void NextBytes(Span<byte> buffer)
        {
            foreach (ref byte value in buffer)
                value = (byte)(_stream.NextUInt64() >> 56);
        }
    }
}
