using System.Runtime.InteropServices;

namespace Outerloop.Model.Sampling;

/// <summary>Keys and values of consecutive positions that some consecutive queries of a tile all read.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly unsafe struct AttentionPart
{
    public required int FirstQuery { get; init; }

    public required int Queries { get; init; }

    /// <summary>[length/16][headDim][16] bfloat16</summary>
    public required ushort* Keys { get; init; }

    /// <summary>[length][<see cref="AttentionTile.ValueStride"/>] bfloat16</summary>
    public required ushort* Values { get; init; }

    /// <summary>Position of the first key.</summary>
    public required int Start { get; init; }

    public required int Length { get; init; }
}

/// <summary>
/// Some queries that read the same key/value head: of one query head at consecutive positions (prefill), or of the heads
/// of a group at one position of each of several sequences (decoding). Sequences of one prompt share the part that holds it.
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal readonly unsafe ref struct AttentionTile
{
    /// <summary>Most queries of a tile.</summary>
    public const int MaxQueries = 12;

    /// <summary>Those of one query in ascending order of positions, from 0 on and without gaps.</summary>
    public required ReadOnlySpan<AttentionPart> Parts { get; init; }

    /// <summary>How many positions each query sees, its own among them; the last parts may hold more.</summary>
    public required ReadOnlySpan<int> Lengths { get; init; }

    public required int HeadDim { get; init; }

    /// <summary>Elements between values, and floats between queries and between outputs; a multiple of 16.</summary>
    public required int ValueStride { get; init; }

    /// <summary>[queries, headDim], rows <see cref="ValueStride"/> floats apart.</summary>
    public required float* Queries { get; init; }

    /// <summary>Scratch [queries, <see cref="ScoreStride"/>].</summary>
    public required float* Scores { get; init; }

    /// <summary>As <see cref="StrideOf"/> gives for the longest length.</summary>
    public required int ScoreStride { get; init; }

    /// <summary>[queries, <see cref="ValueStride"/>]; beyond the head's width there is nothing of meaning.</summary>
    public required float* Output { get; init; }

    /// <summary>Floats between rows of scores: whole vectors, and one for what a part computes past its end.</summary>
    public static int StrideOf(int length) => ((length + 15) / 16 * 16) + 16;
}
