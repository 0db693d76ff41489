using Outerloop.Model.Decoder;
using Outerloop.Model.Kernels;

namespace Outerloop.Model.Sampling;

/// <summary>A prompt that has been read: its keys and values, and the logits after it, for all of its samples.</summary>
internal sealed class SharedPrompt(ModelConfig config)
{
    public int[] Tokens { get; private set; } = [];

    public KeyValueCache Cache { get; } = new(config, capacity: KeyValueCache.TimeBlock);

    /// <summary>[vocabulary]</summary>
    public FloatBuffer Logits { get; } = new(config.Vocabulary);

    /// <summary>Sequences that read it; while there are any it must not change.</summary>
    public int Users { get; set; }

    public void Begin(int[] tokens)
    {
        Tokens = tokens;
        Cache.EnsureCapacity(tokens.Length, used: 0);
    }
}
