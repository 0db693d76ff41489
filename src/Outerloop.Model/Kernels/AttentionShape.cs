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

    /// <summary>Floats of scratch that a forward pass over a sequence needs.</summary>
    public int ForwardScratch(int tokens) =>
        Math.Max(checked(PanelFloats(tokens) + (6 * RowFloats(tokens))), BFloat16Attention.ForwardScratch(this, tokens));

    /// <summary>Floats of scratch that a backward pass over a sequence needs: it holds one head's scores twice.</summary>
    public int BackwardScratch(int tokens) =>
        Math.Max(checked((2 * PanelFloats(tokens)) + (2 * tokens * RowFloats(tokens))), BFloat16Attention.BackwardScratch(this, tokens));

    /// <summary>Floats of one row of scores: the tokens, rounded up to whole vectors.</summary>
    public static int RowFloats(int tokens) => (tokens + 15) / 16 * 16;

    /// <summary>Floats of the transposed keys (or values) of one head, in panels of 64 tokens.</summary>
    public int PanelFloats(int tokens) => HeadDim * ((tokens + 63) / 64 * 64);
}
