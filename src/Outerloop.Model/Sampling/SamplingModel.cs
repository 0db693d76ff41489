using Outerloop.Model.Decoder;
using Outerloop.Model.Kernels;

namespace Outerloop.Model.Sampling;

/// <summary>A model made ready for sampling, shared by all workers and never written.</summary>
internal sealed class SamplingModel(InferenceWeights weights, KernelSet kernels)
{
    public SamplingModel(Parameters parameters, KernelSet kernels)
        : this(InferenceWeights.Of(new DecoderWeights(parameters, training: false)), kernels)
    {
    }

    public ModelConfig Config => Weights.Config;

    public InferenceWeights Weights { get; } = weights;

    public KernelSet Kernels { get; } = kernels;

    public SamplingKernels SamplingKernels { get; } = SamplingKernels.Of(kernels.Tier);
}
