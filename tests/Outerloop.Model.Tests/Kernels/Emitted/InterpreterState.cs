using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Outerloop.Model.Kernels;

namespace Outerloop.Model.Tests.Kernels.Emitted;

/// <summary>The registers of the <see cref="Interpreter"/>, and what its wide instructions do with them.</summary>
internal sealed unsafe class InterpreterState
{
    private const int TileRows = 16, TileBytes = 64;

    private bool _configured;

    public long[] General { get; } = new long[16];

    public bool Zero { get; set; }

    /// <summary>zmm0-31, the bits of 16 lanes each.</summary>
    public uint[][] Vectors { get; } = [.. Enumerable.Range(0, 32).Select(_ => new uint[16])];

    /// <summary>tmm0-7, 16 rows of 64 bytes each.</summary>
    public byte[][][] Tiles { get; } = [.. Enumerable.Range(0, 8).Select(_ => NewTile())];

    /// <summary>VDPBF16PS: in each lane first the products of the upper halves are added, then those of the lower.</summary>
    public static void DotProduct(uint[] sum, uint[] a, uint[] b)
    {
        for (int lane = 0; lane < 16; lane++)
        {
            float value = MathF.FusedMultiplyAdd(High(a[lane]), High(b[lane]), BitConverter.UInt32BitsToSingle(sum[lane]));
            sum[lane] = BitConverter.SingleToUInt32Bits(MathF.FusedMultiplyAdd(Low(a[lane]), Low(b[lane]), value));
        }
    }

    /// <summary>VCVTNE2PS2BF16: the floats in memory to the lower half, those of the vector to the upper.</summary>
    public static void RoundToBFloat16(uint[] target, uint[] upper, uint* lower)
    {
        var result = new uint[16];
        for (int i = 0; i < 32; i++)
        {
            uint bits = i < 16 ? lower[i] : upper[i - 16];
            result[i / 2] |= (uint)BFloat16.Round(BitConverter.UInt32BitsToSingle(bits)) << (i % 2 * 16);
        }

        result.CopyTo(target, 0);
    }

    /// <summary>LDTILECFG: refuses what is not eight full tiles of palette 1.</summary>
    public void Configure(ReadOnlySpan<byte> shapes)
    {
        Assert.Equal(1, shapes[0]);
        Assert.Equal(-1, shapes[1..16].IndexOfAnyExcept((byte)0));
        Assert.Equal(-1, shapes[32..48].IndexOfAnyExcept((byte)0));
        Assert.Equal(-1, shapes[56..64].IndexOfAnyExcept((byte)0));
        for (int tile = 0; tile < 8; tile++)
        {
            Assert.Equal(TileBytes, BinaryPrimitives.ReadUInt16LittleEndian(shapes[(16 + (2 * tile))..]));
            Assert.Equal(TileRows, shapes[48 + tile]);
        }

        _configured = true;
    }

    public void Release() => _configured = false;

    public void ZeroTile(int tile) => Tiles[tile] = Configured(NewTile());

    public void MoveTile(int tile, byte* address, long stride, bool load)
    {
        foreach (byte[] row in Configured(Tiles[tile]))
        {
            var memory = new Span<byte>(address, TileBytes);
            if (load)
                memory.CopyTo(row);
            else
                row.CopyTo(memory);
            address += stride;
        }
    }

    /// <summary>TDPBF16PS: the products of lower and of upper halves are summed apart from each other, then added to the tile.</summary>
    public void MultiplyTiles(int sum, int a, int b)
    {
        for (int row = 0; row < TileRows; row++)
        {
            Span<float> sums = MemoryMarshal.Cast<byte, float>(Configured(Tiles[sum])[row].AsSpan());
            Span<uint> left = MemoryMarshal.Cast<byte, uint>(Tiles[a][row].AsSpan());
            for (int column = 0; column < 16; column++)
            {
                float low = 0, high = 0;
                for (int k = 0; k < 16; k++)
                {
                    uint right = MemoryMarshal.Cast<byte, uint>(Tiles[b][k].AsSpan())[column];
                    low = MathF.FusedMultiplyAdd(Low(left[k]), Low(right), low);
                    high = MathF.FusedMultiplyAdd(High(left[k]), High(right), high);
                }

                sums[column] += low + high;
            }
        }
    }

    private static byte[][] NewTile() => [.. Enumerable.Range(0, TileRows).Select(_ => new byte[TileBytes])];

    private static float High(uint pair) => BitConverter.UInt32BitsToSingle(pair & 0xFFFF_0000);

    private static float Low(uint pair) => BitConverter.UInt32BitsToSingle(pair << 16);

    private T Configured<T>(T value) => _configured ? value : throw new InvalidOperationException("a tile is used before ldtilecfg or after tilerelease");
}
