namespace Outerloop;

/// <summary>The end of what a program says: enough lines to see what went wrong.</summary>
internal sealed class LastLines
{
    private const int Most = 20;

    private readonly Queue<string> _lines = new();

    public static string Of(string file)
    {
        var last = new LastLines();
        foreach (string line in File.Exists(file) ? File.ReadLines(file) : [])
            last.Add(line);
        return last.ToString();
    }

    public void Add(string line)
    {
        _lines.Enqueue(line);
        if (_lines.Count > Most)
            _lines.Dequeue();
    }

    public override string ToString() => string.Join('\n', _lines);
}
