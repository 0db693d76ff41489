namespace Outerloop.Model;

/// <summary>
/// A small seeded generator (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014): the same
/// seed gives the same stream on every machine, and a value type, so that each sequence can carry its own.
/// </summary>
public struct SplitMix64(ulong seed)
{
    private ulong _state = seed;

    /// <summary>Mixes 64 bits so that each input bit moves about half of the output bits.</summary>
    public static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9UL;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EBUL;
        return value ^ (value >> 31);
    }

    public ulong NextUInt64() => Mix(_state += 0x9E3779B97F4A7C15UL);

    /// <summary>Uniform in [0, 1) with 53 random bits.</summary>
    public double NextDouble() => (NextUInt64() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Uniform in [0, <paramref name="bound"/>).</summary>
    public int Next(int bound) => (int)Math.BigMul(NextUInt64(), (ulong)bound, out _);

    /// <summary>Standard normal (Box and Muller, the cosine half).</summary>
    public float NextNormal()
    {
        double radius = Math.Sqrt(-2 * Math.Log(1 - NextDouble()));
        return (float)(radius * Math.Cos(2 * Math.PI * NextDouble()));
    }

    /// <summary>Permutes <paramref name="items"/> uniformly (Fisher and Yates).</summary>
    public void Shuffle<T>(Span<T> items)
    {
        for (int i = items.Length - 1; i > 0; i--)
        {
            int j = Next(i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }
}
