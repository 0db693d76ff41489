namespace Outerloop.Model.Kernels.Emitted;

/// <content>AVX-512: instructions on the 32 vectors <c>zmm0</c>…<c>zmm31</c>, with an EVEX prefix.</content>
internal sealed partial class Assembler
{
    private const int Map0F = 1, Map0F38 = 2;
    private const int PrefixNone = 0, Prefix66 = 1, PrefixF3 = 2, PrefixF2 = 3;

    /// <summary><c>vmovups vector, [address + displacement]</c>: EVEX.512.0F.W0 10 /r</summary>
    public void LoadVector(int vector, Register address, int displacement) =>
        VectorMemory(PrefixNone, Map0F, 0x10, vector, address, displacement);

    /// <summary><c>vmovups [address + displacement], vector</c>: EVEX.512.0F.W0 11 /r</summary>
    public void StoreVector(int vector, Register address, int displacement) =>
        VectorMemory(PrefixNone, Map0F, 0x11, vector, address, displacement);

    /// <summary><c>vpbroadcastd vector, [address + displacement]</c>: EVEX.512.66.0F38.W0 58 /r</summary>
    public void Broadcast(int vector, Register address, int displacement) =>
        VectorMemory(Prefix66, Map0F38, 0x58, vector, address, displacement);

    /// <summary><c>vpxord vector, vector, vector</c>, which is zero: EVEX.512.66.0F.W0 EF /r</summary>
    public void ZeroVector(int vector) => Vectors(Prefix66, Map0F, 0xEF, vector, vector, vector);

    /// <summary><c>vpandd target, a, b</c>: EVEX.512.66.0F.W0 DB /r</summary>
    public void And(int target, int a, int b) => Vectors(Prefix66, Map0F, 0xDB, target, a, b);

    /// <summary>
    /// <c>vdpbf16ps sum, a, b</c>: EVEX.512.F3.0F38.W0 52 /r. In each of 16 lanes the products of two pairs of bf16 are
    /// added to a float.
    /// </summary>
    public void DotProduct(int sum, int a, int b) => Vectors(PrefixF3, Map0F38, 0x52, sum, a, b);

    /// <summary>
    /// <c>vcvtne2ps2bf16 target, upper, [address + displacement]</c>: EVEX.512.F2.0F38.W0 72 /r. Rounds 32 floats to the nearest
    /// bf16, to the even one between two: those in memory to the lower half, those of a vector to the upper.
    /// </summary>
    public void RoundToBFloat16(int target, int upper, Register address, int displacement)
    {
        Evex(PrefixF2, Map0F38, target, upper, (int)address);
        _code.Add(0x72);
        Memory(target, address, displacement);
    }

    /// <summary><c>vzeroupper</c>: VEX.128.0F.WIG 77, as a function that used wide vectors ends</summary>
    public void ZeroUpper() => _code.AddRange([0xC5, 0xF8, 0x77]);

    private void VectorMemory(int prefix, int map, byte opcode, int vector, Register address, int displacement)
    {
        Evex(prefix, map, vector, second: 0, rm: (int)address);
        _code.Add(opcode);
        Memory(vector, address, displacement);
    }

    private void Vectors(int prefix, int map, byte opcode, int target, int second, int third)
    {
        Evex(prefix, map, target, second, third);
        _code.Add(opcode);
        Direct(target, third);
    }

    /// <summary>
    /// EVEX, the bar marking what is stored inverted:
    /// <code>
    /// 62
    /// R̄ X̄ B̄ R̄' 0 m m m      R', R: bits 4 and 3 of reg; X, B: bits 4 and 3 of rm; m: the opcode's map
    /// W v̄ v̄ v̄ v̄ 1 p p        W = 0; v: bits 3 to 0 of the second register; p: none, 66, F3, F2
    /// z L' L b V̄' a a a      z = 0, L'L = 2 (512 bits), b = 0; V': bit 4 of the second register; a = 0, no mask
    /// </code>
    /// </summary>
    private void Evex(int prefix, int map, int reg, int second, int rm)
    {
        int extensions = ((reg >> 3) & 1) << 7 | ((rm >> 4) & 1) << 6 | ((rm >> 3) & 1) << 5 | ((reg >> 4) & 1) << 4;
        _code.Add(0x62);
        _code.Add((byte)((extensions ^ 0xF0) | map));
        _code.Add((byte)(((~second & 15) << 3) | 4 | prefix));
        _code.Add((byte)(0x40 | ((~(second >> 4) & 1) << 3)));
    }
}
