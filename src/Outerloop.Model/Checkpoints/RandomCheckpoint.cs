using System.Runtime.InteropServices;
using Outerloop.Model.Decoder;
using Outerloop.Model.Kernels;

namespace Outerloop.Model.Checkpoints;

/// <summary>
/// Writes a folder of random bfloat16 weights, tensor by tensor, so that a model larger than memory can be made: the norms
/// 1, the matrices with standard deviation 0.02. An element is the sum of four uniform numbers, near enough to normal and
/// a tenth of its cost. It has no tokenizer.
/// </summary>
public static class RandomCheckpoint
{
    private const int Chunk = 1 << 16;

    private const float StandardDeviation = 0.02f;

    /// <returns>The weights' hash.</returns>
    /// <exception cref="CheckpointException">The folder cannot be written.</exception>
    public static string Write(string folder, ModelConfig config, ulong seed)
    {
        var layout = new ParameterLayout(config);
        return AtomicFolder.Write(folder, writer =>
        {
            writer.Add(HuggingFaceConfig.FileName, stream =>
                HuggingFaceConfig.Write(stream, config, new SpecialTokenIds(null, null, null), TensorType.BF16));
            writer.Add(CheckpointFolder.WeightsFile, stream => WriteWeights(stream, layout, seed));
        })[^1].Sha256;
    }

    private static void WriteWeights(Stream stream, ParameterLayout layout, ulong seed)
    {
        SafetensorsWriter.WriteHeader(stream, layout.Slots.Select(slot => (slot.Name, slot.Shape)), TensorType.BF16);
        ushort[] chunk = new ushort[Chunk];
        var random = new SplitMix64(seed);
        foreach (TensorSlot slot in layout.Slots)
        {
            for (int done = 0; done < slot.Length; done += Chunk)
            {
                Span<ushort> part = chunk.AsSpan(0, Math.Min(Chunk, slot.Length - done));
                if (slot.Shape.Length == 1)
                    part.Fill(BFloat16.Round(1));
                else
                    Fill(part, ref random);
                stream.Write(MemoryMarshal.AsBytes(part));
            }
        }
    }

    private static void Fill(Span<ushort> values, ref SplitMix64 random)
    {
        // Four numbers uniform in 0..65535: mean 131070, variance 4·(65536² − 1)/12.
        const float Scale = StandardDeviation / 37837.2f;
        foreach (ref ushort value in values)
        {
            ulong bits = random.NextUInt64();
            uint sum = (uint)(bits & 0xFFFF) + (uint)((bits >> 16) & 0xFFFF) + (uint)((bits >> 32) & 0xFFFF) + (uint)(bits >> 48);
            value = BFloat16.Round(((int)sum - 131070) * Scale);
        }
    }
}
