using System.Collections.Frozen;
using System.Globalization;

namespace Outerloop.Model.Tokenization.Unicode;

/// <summary>
/// What canonical composition knows of single code points, read from <c>canonical.txt</c> (made by <c>canonical.py</c>).
/// The runtime's own normalisation needs ICU, without which it silently returns its input.
/// </summary>
internal sealed class CanonicalTable
{
    private readonly Dictionary<int, (int First, int Second)> _decompositions = [];
    private readonly Dictionary<(int First, int Second), int> _compositions = [];
    private readonly Dictionary<int, byte> _classes = [];
    private readonly FrozenSet<int> _unstable;

    private CanonicalTable(IEnumerable<string> lines)
    {
        foreach (string[] fields in lines.Where(line => line[0] != '#').Select(line => line.Split(' ')))
        {
            if (fields[0] == "m")
                AddMarks(Code(fields[1]), Code(fields[2]), byte.Parse(fields[3], CultureInfo.InvariantCulture));
            else
                AddDecomposition(Code(fields[1]), (Code(fields[2]), fields.Length > 3 ? Code(fields[3]) : 0), composes: fields[0] == "c");
        }

        _unstable = _decompositions.Keys.Except(_compositions.Values).Concat(_classes.Keys).Concat(_compositions.Keys.Select(pair => pair.Second)).ToFrozenSet();
    }

    public static CanonicalTable Instance { get; } = new(ReadLines());

    /// <summary>One step of the canonical decomposition; <c>Second</c> is 0 where it is a single code point.</summary>
    public bool TryDecompose(int code, out (int First, int Second) parts) => _decompositions.TryGetValue(code, out parts);

    public bool TryCompose(int first, int second, out int composite) => _compositions.TryGetValue((first, second), out composite);

    /// <summary>The canonical combining class; 0 for a starter.</summary>
    public byte CombiningClass(int code) => code < 0x300 ? (byte)0 : _classes.GetValueOrDefault(code);

    /// <summary>
    /// Whether composing may change the code point, its place, or its predecessor. A text without such code points is
    /// composed already.
    /// </summary>
    public bool IsUnstable(int code) => code >= 0x300 && (Hangul.IsVowelOrTail(code) || _unstable.Contains(code));

    private static int Code(string field) => int.Parse(field, NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    private void AddMarks(int first, int last, byte combiningClass)
    {
        for (int code = first; code <= last; code++)
            _classes.Add(code, combiningClass);
    }

    private void AddDecomposition(int code, (int First, int Second) parts, bool composes)
    {
        _decompositions.Add(code, parts);
        if (composes)
            _compositions.Add(parts, code);
    }

    private static List<string> ReadLines()
    {
        using Stream stream = typeof(CanonicalTable).Assembly.GetManifestResourceStream("canonical.txt")!;
        using var reader = new StreamReader(stream);
        var lines = new List<string>();
        while (reader.ReadLine() is { } line)
            lines.Add(line);
        return lines;
    }
}
