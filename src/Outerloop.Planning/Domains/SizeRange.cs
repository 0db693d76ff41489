using System.Runtime.InteropServices;

namespace Outerloop.Planning.Domains;

/// <summary>An inclusive range of sizes.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct SizeRange(int Min, int Max)
{
    public int Draw(Random random) => random.Next(Min, Max + 1);

    public override string ToString() => Min == Max ? $"{Min}" : $"{Min}-{Max}";
}
