using Outerloop.Model.Kernels.Emitted;
using static Outerloop.Model.Kernels.Emitted.Register;

namespace Outerloop.Model.Tests.Kernels.Emitted;

/// <summary>The bytes on the right are those of the GNU assembler.</summary>
public sealed class AssemblerTests
{
    [Theory]
    [InlineData("mov rax, [rdi + 8]", "48 8B 87 08 00 00 00")]
    [InlineData("mov r9, [rdi + 40]", "4C 8B 8F 28 00 00 00")]
    [InlineData("mov rsi, [r11 + 0x1234]", "49 8B B3 34 12 00 00")]
    [InlineData("mov r10, 1088", "49 C7 C2 40 04 00 00")]
    [InlineData("mov r11, r9", "4D 89 CB")]
    [InlineData("add rax, r8", "4C 01 C0")]
    [InlineData("add r11, rdx", "49 01 D3")]
    [InlineData("add r11, 0x12345678", "49 81 C3 78 56 34 12")]
    [InlineData("sub rcx, 0x12345678", "48 81 E9 78 56 34 12")]
    [InlineData("ldmxcsr [rdi]", "0F AE 17")]
    [InlineData("stmxcsr [rdi]", "0F AE 1F")]
    [InlineData("ret", "C3")]
    [InlineData("vzeroupper", "C5 F8 77")]
    [InlineData("vmovups zmm3, [rsi + 192]", "62 F1 7C 48 10 9E C0 00 00 00")]
    [InlineData("vmovups zmm31, [rdx + 64]", "62 61 7C 48 10 BA 40 00 00 00")]
    [InlineData("vmovups [r10 + 64], zmm17", "62 C1 7C 48 11 8A 40 00 00 00")]
    [InlineData("vpbroadcastd zmm7, [rax + 5440]", "62 F2 7D 48 58 B8 40 15 00 00")]
    [InlineData("vpxord zmm8, zmm8, zmm8", "62 51 3D 48 EF C0")]
    [InlineData("vpandd zmm0, zmm0, zmm2", "62 F1 7D 48 DB C2")]
    [InlineData("vpandd zmm17, zmm9, zmm30", "62 81 35 48 DB CE")]
    [InlineData("vpxord zmm25, zmm25, zmm25", "62 01 35 40 EF C9")]
    [InlineData("vdpbf16ps zmm8, zmm0, zmm4", "62 72 7E 48 52 C4")]
    [InlineData("vdpbf16ps zmm18, zmm21, zmm29", "62 82 56 40 52 D5")]
    [InlineData("vcvtne2ps2bf16 zmm0, zmm0, [r9]", "62 D2 7F 48 72 81 00 00 00 00")]
    [InlineData("vcvtne2ps2bf16 zmm17, zmm30, [rsi + 64]", "62 E2 0F 40 72 8E 40 00 00 00")]
    [InlineData("tilezero tmm3", "C4 E2 7B 49 D8")]
    [InlineData("tilerelease", "C4 E2 78 49 C0")]
    [InlineData("tdpbf16ps tmm0, tmm4, tmm6", "C4 E2 4A 5C C4")]
    [InlineData("tdpbf16ps tmm3, tmm5, tmm7", "C4 E2 42 5C DD")]
    [InlineData("tileloadd tmm4, [rax + r10 + 0x11]", "C4 A2 7B 4B A4 10 11 00 00 00")]
    [InlineData("tileloadd tmm3, [r11 + r9 + 64]", "C4 82 7B 4B 9C 0B 40 00 00 00")]
    [InlineData("tilestored [r11 + r9 + 64], tmm3", "C4 82 7A 4B 9C 0B 40 00 00 00")]
    [InlineData("tilestored [rdx + rcx + 0], tmm2", "C4 E2 7A 4B 94 0A 00 00 00 00")]
    [InlineData("ldtilecfg [rip - 9]", "C4 E2 78 49 05 F7 FF FF FF")]
    [InlineData("jnz -6", "0F 85 FA FF FF FF")]
    public void An_instruction_has_the_bytes_that_an_assembler_gives_it(string instruction, string bytes)
    {
        var assembler = new Assembler();
        Write(assembler, instruction);
        Assert.Equal(bytes, Convert.ToHexString(assembler.ToArray()).Chunk(2).Select(pair => new string(pair)).Aggregate((a, b) => a + " " + b));
    }

    [Fact]
    public void A_routine_begins_at_a_cache_line()
    {
        var assembler = new Assembler();
        Assert.Equal(0, assembler.BeginRoutine());
        assembler.Return();
        Assert.Equal(64, assembler.BeginRoutine());
    }

    private static void Write(Assembler assembler, string instruction)
    {
        Dictionary<string, Action> all = new(StringComparer.Ordinal)
        {
            ["mov rax, [rdi + 8]"] = () => assembler.Load(Rax, Rdi, 8),
            ["mov r9, [rdi + 40]"] = () => assembler.Load(R9, Rdi, 40),
            ["mov rsi, [r11 + 0x1234]"] = () => assembler.Load(Rsi, R11, 0x1234),
            ["mov r10, 1088"] = () => assembler.Set(R10, 1088),
            ["mov r11, r9"] = () => assembler.Move(R11, R9),
            ["add rax, r8"] = () => assembler.Add(Rax, R8),
            ["add r11, rdx"] = () => assembler.Add(R11, Rdx),
            ["add r11, 0x12345678"] = () => assembler.Add(R11, 0x12345678),
            ["sub rcx, 0x12345678"] = () => assembler.Subtract(Rcx, 0x12345678),
            ["ldmxcsr [rdi]"] = assembler.LoadControl,
            ["stmxcsr [rdi]"] = assembler.StoreControl,
            ["ret"] = assembler.Return,
            ["vzeroupper"] = assembler.ZeroUpper,
            ["vmovups zmm3, [rsi + 192]"] = () => assembler.LoadVector(3, Rsi, 192),
            ["vmovups zmm31, [rdx + 64]"] = () => assembler.LoadVector(31, Rdx, 64),
            ["vmovups [r10 + 64], zmm17"] = () => assembler.StoreVector(17, R10, 64),
            ["vpbroadcastd zmm7, [rax + 5440]"] = () => assembler.Broadcast(7, Rax, 5440),
            ["vpxord zmm8, zmm8, zmm8"] = () => assembler.ZeroVector(8),
            ["vpandd zmm0, zmm0, zmm2"] = () => assembler.And(0, 0, 2),
            ["vpandd zmm17, zmm9, zmm30"] = () => assembler.And(17, 9, 30),
            ["vpxord zmm25, zmm25, zmm25"] = () => assembler.ZeroVector(25),
            ["vdpbf16ps zmm8, zmm0, zmm4"] = () => assembler.DotProduct(8, 0, 4),
            ["vdpbf16ps zmm18, zmm21, zmm29"] = () => assembler.DotProduct(18, 21, 29),
            ["vcvtne2ps2bf16 zmm0, zmm0, [r9]"] = () => assembler.RoundToBFloat16(0, 0, R9, 0),
            ["vcvtne2ps2bf16 zmm17, zmm30, [rsi + 64]"] = () => assembler.RoundToBFloat16(17, 30, Rsi, 64),
            ["tilezero tmm3"] = () => assembler.ZeroTile(3),
            ["tilerelease"] = assembler.ReleaseTiles,
            ["tdpbf16ps tmm0, tmm4, tmm6"] = () => assembler.MultiplyTiles(0, 4, 6),
            ["tdpbf16ps tmm3, tmm5, tmm7"] = () => assembler.MultiplyTiles(3, 5, 7),
            ["tileloadd tmm4, [rax + r10 + 0x11]"] = () => assembler.LoadTile(4, Rax, R10, 0x11),
            ["tileloadd tmm3, [r11 + r9 + 64]"] = () => assembler.LoadTile(3, R11, R9, 64),
            ["tilestored [r11 + r9 + 64], tmm3"] = () => assembler.StoreTile(3, R11, R9, 64),
            ["tilestored [rdx + rcx + 0], tmm2"] = () => assembler.StoreTile(2, Rdx, Rcx, 0),
            ["ldtilecfg [rip - 9]"] = () => assembler.ConfigureTiles(0),
            ["jnz -6"] = () => assembler.JumpIfNotZero(0),
        };
        all[instruction]();
    }
}
