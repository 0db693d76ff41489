namespace Outerloop.Model.Kernels;

/// <summary>
/// Angles of the rotary position embedding (Su et al., 2021): position p turns the pair (i, i + headDim/2) of a head by
/// p·θ^(−2i/headDim). Holds the cosine and sine of each angle, [positions, headDim/2], computed in double precision.
/// </summary>
internal sealed unsafe class RotaryTable
{
    private readonly FloatBuffer _cosine, _sine;

    public RotaryTable(int positions, int headDim, float theta)
    {
        Positions = positions;
        HeadDim = headDim;
        int half = headDim / 2;
        _cosine = new FloatBuffer(checked(positions * half));
        _sine = new FloatBuffer(checked(positions * half));
        for (int i = 0; i < half; i++)
        {
            double frequency = Math.Pow(theta, -2.0 * i / headDim);
            for (int position = 0; position < positions; position++)
            {
                (double sine, double cosine) = Math.SinCos(position * frequency);
                _cosine.Data[(position * half) + i] = (float)cosine;
                _sine.Data[(position * half) + i] = (float)sine;
            }
        }
    }

    public int Positions { get; }

    public int HeadDim { get; }

    /// <summary>cos of the angles of one position, [headDim/2].</summary>
    public float* Cosine(int position) => _cosine.Data + ((nint)position * (HeadDim / 2));

    /// <summary>sin of the angles of one position, [headDim/2].</summary>
    public float* Sine(int position) => _sine.Data + ((nint)position * (HeadDim / 2));
}
