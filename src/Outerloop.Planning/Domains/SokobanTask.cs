using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Outerloop.Planning.Domains;

/// <summary>One step of the robot.</summary>
/// <param name="From">Where the robot stands before.</param>
/// <param name="Direction">Where it goes.</param>
/// <param name="Box">The box that it pushes, or <see cref="NoBox"/> when it walks.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct SokobanStep(int From, Direction Direction, int Box)
{
    public const int NoBox = -1;
}

/// <summary>A task of Sokoban: box i stands on cell <c>Boxes[i]</c> and shall be pushed to cell <c>Goals[i]</c>.</summary>
/// <param name="Steps">Steps that do it.</param>
public sealed record SokobanTask(
    SokobanRoom Room, int Robot, ImmutableArray<int> Boxes, ImmutableArray<int> Goals, ImmutableArray<SokobanStep> Steps);
