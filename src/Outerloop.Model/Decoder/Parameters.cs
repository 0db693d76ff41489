namespace Outerloop.Model.Decoder;

/// <summary>The weights of one model: a <see cref="ParameterLayout"/> and its flat fp32 buffer.</summary>
public sealed class Parameters
{
    public Parameters(ParameterLayout layout, float[] values)
    {
        if (values.Length != layout.Length)
            throw new ArgumentException($"the layout wants {layout.Length} values, got {values.Length}", nameof(values));
        Layout = layout;
        Values = values;
    }

    public ParameterLayout Layout { get; }

    public ModelConfig Config => Layout.Config;

    public float[] Values { get; }

    public Span<float> this[TensorSlot slot] => Values.AsSpan(slot.Range);

    /// <summary>
    /// Random weights as Qwen3 starts: normal with standard deviation 0.02 for every matrix, 1 for every norm.
    /// </summary>
    public static Parameters Random(ModelConfig config, ulong seed)
    {
        var layout = new ParameterLayout(config);
        var parameters = new Parameters(layout, new float[layout.Length]);
        var random = new SplitMix64(seed);
        foreach (TensorSlot slot in layout.Slots)
        {
            Span<float> values = parameters[slot];
            if (slot.Shape.Length == 1)
            {
                values.Fill(1f);
                continue;
            }

            for (int i = 0; i < values.Length; i++)
                values[i] = 0.02f * random.NextNormal();
        }

        return parameters;
    }

    public Parameters Clone() => new(Layout, (float[])Values.Clone());
}
