namespace Outerloop.Evaluation;

/// <summary>
/// Sizes of tasks (numbers of objects), each for itself where they are few, else in bands of equal width, so that a
/// table of them can be read.
/// </summary>
public sealed class SizeBands
{
    private const int Most = 12;

    private readonly int _smallest;
    private readonly int _largest;
    private readonly int _width;

    /// <param name="sizes">All that there are; at least one.</param>
    public SizeBands(IReadOnlyCollection<int> sizes)
    {
        _smallest = sizes.Min();
        _largest = sizes.Max();
        _width = (_largest - _smallest + Most) / Most;
    }

    /// <summary>The band of a size: its number from 0, smallest sizes first.</summary>
    public int Of(int size) => (size - _smallest) / _width;

    /// <summary>The sizes in a band: "7", or "7-9".</summary>
    public string Name(int band)
    {
        int first = _smallest + (band * _width), last = Math.Min(_largest, first + _width - 1);
        return first == last ? $"{first}" : $"{first}-{last}";
    }
}
