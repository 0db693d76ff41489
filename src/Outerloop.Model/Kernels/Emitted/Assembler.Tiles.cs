namespace Outerloop.Model.Kernels.Emitted;

/// <content>AMX: instructions on the eight tiles <c>tmm0</c>…<c>tmm7</c>, with a three-byte VEX prefix.</content>
internal sealed partial class Assembler
{
    private const int TileMap = Map0F38;

    /// <summary>
    /// <c>ldtilecfg [rip + distance]</c>: VEX.128.0F38.W0 49 /0; the shapes of the tiles from 64 bytes within the code.
    /// Mod 0 with rm 5 is an address relative to the next instruction.
    /// </summary>
    public void ConfigureTiles(int shapes)
    {
        Vex(PrefixNone, reg: 0, second: 0, rm: 0, index: 0);
        _code.AddRange([0x49, 0x05]);
        Int32(shapes - (Position + sizeof(int)));
    }

    /// <summary><c>tilerelease</c>: VEX.128.0F38.W0 49 C0; the tiles are as if never used, and need not be saved any more</summary>
    public void ReleaseTiles()
    {
        Vex(PrefixNone, reg: 0, second: 0, rm: 0, index: 0);
        _code.AddRange([0x49, 0xC0]);
    }

    /// <summary><c>tilezero tile</c>: VEX.128.F2.0F38.W0 49 /r, rm 0</summary>
    public void ZeroTile(int tile)
    {
        Vex(PrefixF2, tile, second: 0, rm: 0, index: 0);
        _code.Add(0x49);
        Direct(tile, 0);
    }

    /// <summary>
    /// <c>tileloadd tile, [address + stride + displacement]</c>: VEX.128.F2.0F38.W0 4B /r; row i is read
    /// <paramref name="stride"/> · i bytes after the first.
    /// </summary>
    public void LoadTile(int tile, Register address, Register stride, int displacement) =>
        TileMemory(PrefixF2, tile, address, stride, displacement);

    /// <summary><c>tilestored [address + stride + displacement], tile</c>: VEX.128.F3.0F38.W0 4B /r</summary>
    public void StoreTile(int tile, Register address, Register stride, int displacement) =>
        TileMemory(PrefixF3, tile, address, stride, displacement);

    /// <summary>
    /// <c>tdpbf16ps sum, a, b</c>: VEX.128.F3.0F38.W0 5C /r, a in rm and b in the second register. sum [16, 16] of floats
    /// += a [16, 16 pairs] · b [16 pairs, 16], the pairs of bf16.
    /// </summary>
    public void MultiplyTiles(int sum, int a, int b)
    {
        Vex(PrefixF3, sum, second: b, rm: a, index: 0);
        _code.Add(0x5C);
        Direct(sum, a);
    }

    private void TileMemory(int prefix, int tile, Register address, Register stride, int displacement)
    {
        Vex(prefix, tile, second: 0, rm: (int)address, index: (int)stride);
        _code.Add(0x4B);
        _code.Add((byte)(0x84 | (tile << 3)));
        _code.Add((byte)((((int)stride & 7) << 3) | ((int)address & 7)));
        Int32(displacement);
    }

    /// <summary>
    /// VEX of three bytes, the bar marking what is stored inverted:
    /// <code>
    /// C4
    /// R̄ X̄ B̄ m m m m m        bit 3 of reg, of a SIB byte's index, and of rm or a SIB byte's base; m: the opcode's map
    /// W v̄ v̄ v̄ v̄ L p p        W = 0; v: the second register; L = 0 (128 bits); p: none, 66, F3, F2
    /// </code>
    /// </summary>
    private void Vex(int prefix, int reg, int second, int rm, int index)
    {
        int extensions = (reg >> 3) << 7 | (index >> 3) << 6 | (rm >> 3) << 5;
        _code.Add(0xC4);
        _code.Add((byte)((extensions ^ 0xE0) | TileMap));
        _code.Add((byte)(((~second & 15) << 3) | prefix));
    }
}
