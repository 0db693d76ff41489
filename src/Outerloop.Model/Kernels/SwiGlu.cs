using System.Runtime.CompilerServices;

namespace Outerloop.Model.Kernels;

/// <summary>
/// The gated unit of the feed-forward block (Shazeer, 2020): h = g·σ(g)·u. Gate and up lie side by side in a row:
/// gateUp [rows, 2·width], hidden [rows, width].
/// </summary>
internal static unsafe class SwiGlu<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Forward(MatrixView gateUp, MatrixView hidden)
    {
        int width = hidden.Columns;
        for (int row = 0; row < hidden.Rows; row++)
        {
            float* gate = gateUp.Row(row), up = gate + width, to = hidden.Row(row);
            int i = 0;
            for (; i + TSimd.Width <= width; i += TSimd.Width)
                Activate<TSimd, TVector>(gate + i, up + i, to + i);
            for (; i < width; i++)
                Activate<SimdScalar, float>(gate + i, up + i, to + i);
        }
    }

    /// <summary>
    /// dg = dh·u·σ(g)·(1 + g·(1 − σ(g))), du = dh·g·σ(g). Replaces <paramref name="gateUp"/> by its gradient and
    /// <paramref name="dhidden"/> by the forward result h, which the gradient of the next projection needs.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Backward(MatrixView gateUp, MatrixView dhidden)
    {
        int width = dhidden.Columns;
        for (int row = 0; row < dhidden.Rows; row++)
        {
            float* gate = gateUp.Row(row), up = gate + width, gradient = dhidden.Row(row);
            int i = 0;
            for (; i + TSimd.Width <= width; i += TSimd.Width)
                Differentiate<TSimd, TVector>(gate + i, up + i, gradient + i);
            for (; i < width; i++)
                Differentiate<SimdScalar, float>(gate + i, up + i, gradient + i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Activate<TS, TV>(float* gate, float* up, float* hidden)
        where TS : struct, ISimd<TV>
        where TV : struct
    {
        TV g = TS.Load(gate);
        TS.Store(hidden, TS.Multiply(TS.Multiply(g, SimdMath.Sigmoid<TS, TV>(g)), TS.Load(up)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Differentiate<TS, TV>(float* gate, float* up, float* dhidden)
        where TS : struct, ISimd<TV>
        where TV : struct
    {
        TV g = TS.Load(gate), u = TS.Load(up), dh = TS.Load(dhidden), one = TS.Broadcast(1f);
        TV sigmoid = SimdMath.Sigmoid<TS, TV>(g);
        TV silu = TS.Multiply(g, sigmoid);
        TV slope = TS.Multiply(sigmoid, TS.MultiplyAdd(g, TS.Subtract(one, sigmoid), one));
        TS.Store(gate, TS.Multiply(TS.Multiply(dh, u), slope));
        TS.Store(up, TS.Multiply(dh, silu));
        TS.Store(dhidden, TS.Multiply(silu, u));
    }
}
