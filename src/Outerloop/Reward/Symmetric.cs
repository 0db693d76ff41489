namespace Outerloop.Reward;

/// <summary>Small symmetric positive matrices, as rows.</summary>
internal static class Symmetric
{
    /// <summary>The inverse, by elimination without pivoting, which positive matrices do not need.</summary>
    public static double[][] Inverse(double[][] matrix)
    {
        int size = matrix.Length;
        double[][] left = [.. matrix.Select(row => (double[])row.Clone())];
        double[][] right = [.. Enumerable.Range(0, size).Select(i => Enumerable.Range(0, size).Select(j => i == j ? 1.0 : 0).ToArray())];
        for (int pivot = 0; pivot < size; pivot++)
        {
            Scale(left[pivot], right[pivot], 1 / left[pivot][pivot]);
            for (int row = 0; row < size; row++)
            {
                if (row != pivot)
                    Subtract((left[row], right[row]), (left[pivot], right[pivot]), left[row][pivot]);
            }
        }

        return right;
    }

    public static double[] Times(double[][] matrix, double[] vector) =>
        [.. matrix.Select(row => row.Zip(vector, (a, b) => a * b).Sum())];

    /// <summary>xᵀMx.</summary>
    public static double Form(double[][] matrix, double[] vector)
    {
        double sum = 0;
        for (int i = 0; i < vector.Length; i++)
        {
            for (int j = 0; j < vector.Length; j++)
                sum += vector[i] * matrix[i][j] * vector[j];
        }

        return sum;
    }

    /// <summary>Adds w·xxᵀ to a matrix.</summary>
    public static void AddSquare(double[][] matrix, double[] vector, double weight)
    {
        for (int i = 0; i < vector.Length; i++)
        {
            for (int j = 0; j < vector.Length; j++)
                matrix[i][j] += weight * vector[i] * vector[j];
        }
    }

    private static void Scale(double[] left, double[] right, double factor)
    {
        for (int j = 0; j < left.Length; j++)
        {
            left[j] *= factor;
            right[j] *= factor;
        }
    }

    private static void Subtract((double[] Left, double[] Right) row, (double[] Left, double[] Right) pivot, double factor)
    {
        for (int j = 0; j < row.Left.Length; j++)
        {
            row.Left[j] -= factor * pivot.Left[j];
            row.Right[j] -= factor * pivot.Right[j];
        }
    }
}
