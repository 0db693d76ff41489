using Outerloop.Model.Kernels;

namespace Outerloop.Model.Sampling;

/// <summary>Draws tokens from logits; one worker's scratch memory.</summary>
internal sealed unsafe class TokenChooser(SamplingKernels kernels, int vocabulary)
{
    private readonly FloatBuffer _weights = new(vocabulary);
    private readonly WeightFilter _filter = new(vocabulary);

    /// <summary>
    /// The first token whose cumulative probability exceeds a uniform number, summed in double precision in ascending
    /// order of ids. Takes exactly one number of the stream.
    /// </summary>
    /// <param name="logits">[vocabulary]</param>
    /// <param name="temperature">0 for the most probable token, the lowest id where several are.</param>
    /// <param name="filter">Which tokens may be drawn at this temperature.</param>
    /// <param name="random">The request's stream.</param>
    /// <param name="logProb">ln p of the token at this temperature among those.</param>
    /// <exception cref="ArithmeticException">The logits are not numbers.</exception>
    public int Choose(Span<float> logits, float temperature, TokenFilter filter, ref SplitMix64 random, out float logProb)
    {
        double uniform = random.NextDouble();
        int likeliest = IndexOfLargest(logits);
        logProb = 0;
        float inverse = 1f / temperature;
        if (float.IsInfinity(inverse))
            return likeliest;

        fixed (float* from = logits)
            kernels.Exponentiate(from, _weights.Data, vocabulary, logits[likeliest], inverse);
        double total = 0;
        foreach (float weight in _weights.Span)
            total += weight;
        total = _filter.Apply(filter, _weights.Span, total);
        int token = Invert(uniform * total);
        logProb = (float)(((logits[token] - logits[likeliest]) * (double)inverse) - Math.Log(total));
        return token;
    }

    private static int IndexOfLargest(ReadOnlySpan<float> logits)
    {
        int best = 0;
        bool finite = true;
        for (int i = 0; i < logits.Length; i++)
        {
            finite &= float.IsFinite(logits[i]);
            if (logits[i] > logits[best])
                best = i;
        }

        return finite ? best : throw new ArithmeticException(
            "the model's logits are not finite numbers: its weights are damaged or its training diverged");
    }

    private int Invert(double target)
    {
        double cumulative = 0;
        int last = 0;
        for (int token = 0; token < vocabulary; token++)
        {
            float weight = _weights.Data[token];
            cumulative += weight;
            if (cumulative > target)
                return token;
            if (weight > 0)
                last = token;
        }

        return last;
    }
}
