using System.Runtime.InteropServices;

namespace Outerloop.Model.Kernels;

/// <summary>
/// The heads of an attention layer (Ainslie et al., 2023, "GQA"): query head h reads key/value head
/// h / (<see cref="Heads"/> / <see cref="KvHeads"/>).
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct AttentionShape(int Heads, int KvHeads, int HeadDim)
{
    public int Group => Heads / KvHeads;

    public float Scale => 1f / MathF.Sqrt(HeadDim);

    /// <summary>
    /// Floats between rows of a head's probabilities: the tokens, rounded up to whole vectors.
    /// </summary>
    public static int ProbabilityStride(int tokens) => (tokens + 15) / 16 * 16;

    /// <summary>Floats of the probabilities [heads, tokens, stride] of one sequence.</summary>
    public long Probabilities(int tokens) => (long)Heads * tokens * ProbabilityStride(tokens);

    /// <summary>Floats of scratch that a pass over a sequence needs: transposed keys, and one head's score gradients.</summary>
    public long Scratch(int tokens) =>
        ((long)HeadDim * (tokens + PackedMatrix.PanelColumns)) + ((long)tokens * ProbabilityStride(tokens));
}
