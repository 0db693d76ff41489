using Outerloop.Model.Decoder;
using Outerloop.Model.Kernels;

namespace Outerloop.Model.Sampling;

/// <summary>A model made ready for sampling, shared by all workers and never written.</summary>
internal sealed class SamplingModel(Parameters parameters, KernelSet kernels)
{
    public ModelConfig Config => Weights.Config;

    public DecoderWeights Weights { get; } = new(parameters, training: false, kernels.Format);

    public KernelSet Kernels { get; } = kernels;

    public SamplingKernels SamplingKernels { get; } = SamplingKernels.Of(kernels.Tier);
}
