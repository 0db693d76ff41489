using System.Runtime.InteropServices;
using Outerloop.Model.Kernels;
using Outerloop.Model.Tests.Kernels.Emitted;
using Xunit.Abstractions;

namespace Outerloop.Model.Tests.Kernels;

/// <summary>Products with mapped weights at the edges: of memory, of a float's range, and of what a pass takes at once.</summary>
public sealed unsafe partial class BFloat16EdgeTests(ITestOutputHelper output)
{
    private const int MaxTogether = 4, Page = 4096;

    private static readonly ushort[] Odd = [0x7FC0, 0x7F80, 0xFF80, 0x8000, 0x0001, 0x8001, 0x0080, 0x8080, 0x7F7F, 0xFF7F];

    private static IEnumerable<KernelSet> Kernels => KernelSet.Available.Concat(MixedTiers.All);

    /// <summary>A reading past the last element would end the process.</summary>
    [Theory]
    [InlineData(1, 1)]
    [InlineData(31, 3)]
    [InlineData(33, 5)]
    [InlineData(64, 3)]
    [InlineData(96, 7)]
    [InlineData(1056, 5)]
    [InlineData(1055, 2)]
    [InlineData(2048, 3)]
    public void Nothing_is_read_behind_the_last_page_of_a_weight(int inputs, int outputs)
    {
        if (!OperatingSystem.IsLinux())
        {
            output.WriteLine("not run: pages are protected by Linux's mprotect");
            return;
        }

        int length = outputs * inputs, room = ((length * sizeof(ushort)) + Page - 1) / Page * Page;
        byte* memory = (byte*)NativeMemory.AlignedAlloc((nuint)(room + (2 * Page)), Page);
        try
        {
            Assert.Equal(0, Protect(memory, Page, 0));
            Assert.Equal(0, Protect(memory + Page + room, Page, 0));
            var random = new SplitMix64(1);
            ushort* atStart = (ushort*)(memory + Page), atEnd = (ushort*)(memory + Page + room) - length;
            foreach (bool end in new[] { false, true })
            {
                ushort* data = end ? atEnd : atStart;
                for (int i = 0; i < length; i++)
                    data[i] = BFloat16.Round(random.NextNormal());
                foreach (KernelSet kernels in Kernels)
                {
                    for (int rows = 1; rows <= 7; rows++)
                    {
                        Floats x = new(rows, inputs, 2), y = new(rows, outputs, 3);
                        kernels.Multiply(x.View, new BFloat16Matrix(data, outputs, inputs), y.View);
                        GC.KeepAlive(x);
                        GC.KeepAlive(y);
                    }
                }
            }
        }
        finally
        {
            _ = Protect(memory, (nuint)(room + (2 * Page)), 3);
            NativeMemory.AlignedFree(memory);
        }
    }

    /// <summary>NaN, infinities, zeros below zero, denormals and the largest, in the weight, beside it and in the rows.</summary>
    [Theory]
    [InlineData(30, 3)]
    [InlineData(64, 6)]
    [InlineData(1056, 5)]
    [InlineData(1100, 9)]
    public void Few_rows_and_many_give_the_same_of_odd_numbers(int inputs, int outputs)
    {
        const int Rows = 9;
        foreach (double odd in new[] { 0.0002, 0.02, 1 })
        {
            for (int offset = 0; offset < 33; offset += 3)
            {
                ushort[] values = GC.AllocateArray<ushort>((outputs * inputs) + 128, pinned: true);
                values.AsSpan().Fill(0x7F80);
                var random = new SplitMix64((ulong)offset);
                foreach (ref ushort value in values.AsSpan(48 + offset, outputs * inputs))
                    value = random.NextDouble() < odd ? Odd[random.Next(Odd.Length)] : BFloat16.Round(random.NextNormal());
                var w = new BFloat16Matrix((ushort*)Marshal.UnsafeAddrOfPinnedArrayElement(values, 48 + offset), outputs, inputs);
                var x = new Floats(Rows, inputs, 4);
                for (int row = 0; row < Rows; row++)
                {
                    foreach (ref float value in x.View.RowSpan(row))
                        value = random.NextDouble() < odd ? BFloat16.Widen(Odd[3 + random.Next(5)]) : value;
                }

                AssertSame(x, w, Rows);
                GC.KeepAlive(values);
            }
        }
    }

    /// <summary>More blocks than are rounded at once.</summary>
    [Theory]
    [InlineData(33_792, 3)]
    [InlineData(33_792 + 64, 5)]
    [InlineData(32_768 + 1, 2)]
    [InlineData(65_536, 1)]
    public void Few_rows_and_many_give_the_same_of_many_inputs(int inputs, int outputs)
    {
        foreach (int offset in new[] { 0, 1, 2, 14, 31 })
        {
            ushort[] values = GC.AllocateArray<ushort>((outputs * inputs) + 32, pinned: true);
            values.AsSpan().Fill(0x7FC0);
            var random = new SplitMix64(7);
            foreach (ref ushort value in values.AsSpan(offset, outputs * inputs))
                value = BFloat16.Round(random.NextNormal());
            AssertSame(
                new Floats(6, inputs, 8), new BFloat16Matrix((ushort*)Marshal.UnsafeAddrOfPinnedArrayElement(values, offset), outputs, inputs), 6);
            GC.KeepAlive(values);
        }
    }

    [Fact]
    public void No_rows_have_no_product()
    {
        ushort[] values = GC.AllocateArray<ushort>(64 * 4, pinned: true);
        var w = new BFloat16Matrix((ushort*)Marshal.UnsafeAddrOfPinnedArrayElement(values, 0), 4, 64);
        Floats x = new(1, 64, 1), y = new(1, 4, 1);
        float[] before = y.View.Values();
        foreach (KernelSet kernels in Kernels)
            kernels.Multiply(x.View.SliceRows(0, 0), w, y.View.SliceRows(0, 0));
        Assert.Equal(before, y.View.Values());
        GC.KeepAlive(x);
        GC.KeepAlive(values);
    }

    /// <summary>Calls back to back, after pauses in which helpers fall asleep, and a team's end at any moment after them.</summary>
    [Fact]
    public void No_call_to_a_team_is_lost()
    {
        var random = new SplitMix64(1);
        for (int again = 0; again < 200; again++)
        {
            using var team = new ProductTeam(1 + random.Next(4));
            int products = random.Next(20);
            for (int product = 0; product < products && team.Shares > 4; product++)
            {
                int shares = 0;
                Assert.True(team.TryRun(share => Interlocked.Add(ref shares, share + 1)));
                Assert.Equal(team.Shares * (team.Shares + 1) / 2, shares);
                if (random.Next(8) == 0)
                    Thread.Sleep(1);
            }
        }
    }

    private static void AssertSame(Floats x, BFloat16Matrix w, int rows)
    {
        foreach (KernelSet kernels in Kernels)
        {
            foreach (bool accumulate in new[] { false, true })
            {
                var whole = new Floats(rows, w.Outputs, 5);
                kernels.Multiply(x.View, w, whole.View, accumulate);
                for (int count = 1; count <= MaxTogether; count++)
                {
                    var part = new Floats(rows, w.Outputs, 5);
                    kernels.Multiply(x.View.SliceRows(0, count), w, part.View.SliceRows(0, count), accumulate);
                    for (int row = 0; row < count; row++)
                        Assert.Equal(Bits(whole.View.RowSpan(row)), Bits(part.View.RowSpan(row)));
                    GC.KeepAlive(part);
                }

                GC.KeepAlive(whole);
            }
        }

        GC.KeepAlive(x);
    }

    /// <summary>Every NaN is alike.</summary>
    private static int[] Bits(ReadOnlySpan<float> values)
    {
        int[] bits = new int[values.Length];
        for (int i = 0; i < bits.Length; i++)
            bits[i] = float.IsNaN(values[i]) ? int.MaxValue : BitConverter.SingleToInt32Bits(values[i]);
        return bits;
    }

    [LibraryImport("libc", EntryPoint = "mprotect")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Protect(void* address, nuint length, int protection);
}
