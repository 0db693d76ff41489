using Outerloop.Model.Decoder;
using Outerloop.Model.Kernels;

namespace Outerloop.Model.Sampling;

/// <summary>A model made ready for sampling, shared by all workers and never written.</summary>
internal sealed class SamplingModel(InferenceWeights weights, KernelSet kernels)
{
    public SamplingModel(Parameters parameters, KernelSet kernels)
        : this(InferenceWeights.Of(new DecoderWeights(parameters, training: false, format: kernels.Format)), kernels)
    {
    }

    public ModelConfig Config => Weights.Config;

    public InferenceWeights Weights { get; } = weights;

    /// <summary>
    /// Rows of a step of prefill: few enough to stay in the cache, and enough to keep the GEMM at its peak; more where the
    /// weights come from memory at each step.
    /// </summary>
    public int PrefillRows => Config.Dim < 1024 ? 96 : 256;

    public KernelSet Kernels { get; } = kernels;

    public SamplingKernels SamplingKernels { get; } = SamplingKernels.Of(kernels.Tier);
}
