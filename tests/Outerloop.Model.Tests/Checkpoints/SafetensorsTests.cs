using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Outerloop.Model.Checkpoints;
using Outerloop.Model.Decoder;

namespace Outerloop.Model.Tests.Checkpoints;

public sealed class SafetensorsTests
{
    [Property(MaxTest = 30)]
    public Property Written_weights_are_read_back_bit_for_bit() => Prop.ForAll(
        SmallConfigs().ToArbitrary(),
        config =>
        {
            using var folder = new TemporaryFolder();
            Parameters written = Parameters.Random(config, seed: 7);
            written.Values[0] = -0f;
            written.Values[1] = float.Epsilon;
            written.Values[2] = float.NaN;
            using (FileStream stream = File.Create(folder["a"]))
                SafetensorsWriter.Write(stream, written);

            using SafetensorsFile file = SafetensorsFile.Open(folder["a"]);
            var read = new Parameters(written.Layout, new float[written.Layout.Length]);
            foreach (TensorSlot slot in written.Layout.Slots)
                file.Read(file.Find(slot.Name)!, read[slot]);
            return written.Values.Select(BitConverter.SingleToInt32Bits).SequenceEqual(read.Values.Select(BitConverter.SingleToInt32Bits));
        });

    [Fact]
    public void The_file_is_what_the_format_describes()
    {
        Parameters parameters = Parameters.Random(TestModels.Tiny, seed: 1);
        using var stream = new MemoryStream();
        SafetensorsWriter.Write(stream, parameters);
        byte[] bytes = stream.ToArray();

        int headerLength = (int)BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        using var header = JsonDocument.Parse(bytes.AsMemory(8, headerLength));
        Assert.Equal(0, headerLength % 8);
        Assert.Equal("pt", header.RootElement.GetProperty("__metadata__").GetProperty("format").GetString());
        JsonElement norm = header.RootElement.GetProperty("model.layers.1.self_attn.k_norm.weight");
        Assert.Equal("F32", norm.GetProperty("dtype").GetString());
        Assert.Equal(TestModels.Tiny.HeadDim, norm.GetProperty("shape")[0].GetInt32());
        int begin = norm.GetProperty("data_offsets")[0].GetInt32(), end = norm.GetProperty("data_offsets")[1].GetInt32();
        Assert.Equal(4 * TestModels.Tiny.HeadDim, end - begin);
        Assert.Equal(1f, BitConverter.ToSingle(bytes, 8 + headerLength + begin));
        Assert.Equal(bytes.Length, 8 + headerLength + (4 * parameters.Values.Length));
    }

    /// <summary>What is read where it lies begins at a vector; floats are where they always were, since their hash names the weights.</summary>
    [Theory]
    [InlineData(TensorType.BF16, 64)]
    [InlineData(TensorType.F16, 64)]
    [InlineData(TensorType.F32, 8)]
    public void Halves_begin_at_a_vector(TensorType type, int alignment)
    {
        var lengths = new List<int>();
        for (int layers = 1; layers <= 6; layers++)
        {
            using var stream = new MemoryStream();
            SafetensorsWriter.Write(stream, Parameters.Random(TestModels.Tiny with { Layers = layers }, seed: 1), type);
            int header = (int)BinaryPrimitives.ReadUInt64LittleEndian(stream.ToArray());
            Assert.Equal(0, (sizeof(ulong) + header) % alignment);
            lengths.Add(header);
        }

        Assert.True(type != TensorType.F32 || lengths.Exists(length => (sizeof(ulong) + length) % 64 != 0), "no header shows the difference");
    }

    [Fact]
    public void The_same_weights_make_the_same_bytes_and_others_do_not()
    {
        Assert.Equal(
            SafetensorsWriter.Hash(Parameters.Random(TestModels.Tiny, 1)), SafetensorsWriter.Hash(Parameters.Random(TestModels.Tiny, 1)));
        Assert.NotEqual(
            SafetensorsWriter.Hash(Parameters.Random(TestModels.Tiny, 1)), SafetensorsWriter.Hash(Parameters.Random(TestModels.Tiny, 2)));
    }

    [Fact]
    public void Half_and_bfloat16_are_widened_exactly()
    {
        byte[] data = [0x00, 0x3C, 0x01, 0x00, 0x80, 0x3F, 0x00, 0xC0];
        using var folder = new TemporaryFolder();
        WriteRaw(folder["a"], """{"h":{"dtype":"F16","shape":[2],"data_offsets":[0,4]},"b":{"dtype":"BF16","shape":[1,2],"data_offsets":[4,8]}}""", data);
        using SafetensorsFile file = SafetensorsFile.Open(folder["a"]);
        float[] half = new float[2], brain = new float[2];
        file.Read(file.Find("h")!, half);
        file.Read(file.Find("b")!, brain);
        Assert.Equal([1f, MathF.Pow(2, -24)], half);
        Assert.Equal([1f, -2f], brain);
    }

    [Theory]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}""", "not valid JSON")]
    [InlineData("""[1]""", "not an object")]
    [InlineData("""{"a":7}""", "not an object")]
    [InlineData("""{"a":{"shape":[2],"data_offsets":[0,8]}}""", "dtype is missing")]
    [InlineData("""{"a":{"dtype":"I64","shape":[1],"data_offsets":[0,8]}}""", "I64 is not supported")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}""", "shape")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2.5],"data_offsets":[0,8]}}""", "shape")]
    [InlineData("""{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}""", "does not fill its 8 bytes")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4294967296,4294967298],"data_offsets":[0,8]}}""", "does not fill its 8 bytes")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4611686018427387906],"data_offsets":[0,8]}}""", "does not fill its 8 bytes")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}""", "data_offsets")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0]}}""", "data_offsets")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4],"data_offsets":[0,16]}}""", "of 8 bytes of data")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", "overlaps")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", "belong to no tensor")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", "after the last tensor")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", "not valid JSON")]
    [InlineData("""{"\ud800":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", "not valid JSON")]
    [InlineData("""{"a":{"dtype":"\ud800","shape":[2],"data_offsets":[0,8]}}""", "not valid JSON")]
    public void A_hostile_header_is_refused_with_its_place(string header, string expected)
    {
        using var folder = new TemporaryFolder();
        WriteRaw(folder["hostile"], header, new byte[8]);
        CheckpointException refusal = Assert.Throws<CheckpointException>(() => SafetensorsFile.Open(folder["hostile"]));
        Assert.Contains(expected, refusal.Message, StringComparison.Ordinal);
        Assert.Equal(folder["hostile"], refusal.File);
    }

    [Theory]
    [InlineData(0, "too few")]
    [InlineData(7, "too few")]
    [InlineData(8, "claims 72340172838076673 bytes")]
    [InlineData(9, "claims 72340172838076673 bytes")]
    public void A_file_too_short_for_its_header_is_refused(int length, string expected)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["a"], [.. Enumerable.Repeat((byte)1, length)]);
        Assert.Contains(expected, Assert.Throws<CheckpointException>(() => SafetensorsFile.Open(folder["a"])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_header_length_beyond_the_file_is_refused_without_reading_it()
    {
        using var folder = new TemporaryFolder();
        byte[] bytes = new byte[100];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, 99_000_000);
        File.WriteAllBytes(folder["a"], bytes);
        Assert.Contains("the file holds 92", Assert.Throws<CheckpointException>(() => SafetensorsFile.Open(folder["a"])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_header_that_is_not_utf8_is_refused()
    {
        using var folder = new TemporaryFolder();
        WriteRaw(folder["a"], [(byte)'{', (byte)'"', 0xC3, (byte)'"', (byte)':', (byte)'1', (byte)'}'], []);
        Assert.Contains("UTF-8", Assert.Throws<CheckpointException>(() => SafetensorsFile.Open(folder["a"])).Message, StringComparison.Ordinal);
    }

    /// <summary>One byte of a good file's header changed at random: it still opens, or is refused; nothing else.</summary>
    [Property(MaxTest = 300)]
    public bool A_damaged_header_never_breaks_the_reader(int position, byte value)
    {
        using var stream = new MemoryStream();
        SafetensorsWriter.Write(stream, Parameters.Random(TestModels.Tiny with { Layers = 1 }, seed: 3));
        byte[] bytes = stream.ToArray();
        int headerLength = (int)BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        bytes[(int)((uint)position % (8 + headerLength))] = value;
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["a"], bytes);
        try
        {
            using SafetensorsFile file = SafetensorsFile.Open(folder["a"]);
            return file.Tensors.All(entry => entry.End <= bytes.Length - 8 - headerLength);
        }
        catch (CheckpointException)
        {
            return true;
        }
    }

    private static void WriteRaw(string path, string header, byte[] data) => WriteRaw(path, Encoding.UTF8.GetBytes(header), data);

    private static void WriteRaw(string path, byte[] header, byte[] data)
    {
        byte[] length = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)header.Length);
        File.WriteAllBytes(path, [.. length, .. header, .. data]);
    }

    private static Gen<ModelConfig> SmallConfigs() =>
        from layers in Gen.Choose(1, 3)
        from dim in Gen.Choose(1, 20)
        from kvHeads in Gen.Choose(1, 3)
        from share in Gen.Choose(1, 3)
        from halfHead in Gen.Choose(1, 5)
        from feedForward in Gen.Choose(1, 20)
        from vocabulary in Gen.Choose(3, 40)
        from tied in Gen.Elements(true, false)
        select new ModelConfig
        {
            Layers = layers,
            Dim = dim,
            Heads = kvHeads * share,
            KvHeads = kvHeads,
            HeadDim = 2 * halfHead,
            FeedForward = feedForward,
            Vocabulary = vocabulary,
            TieEmbeddings = tied,
        };
}
