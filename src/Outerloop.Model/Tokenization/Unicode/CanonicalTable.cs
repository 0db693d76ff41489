using System.Collections.Frozen;
using System.Globalization;

namespace Outerloop.Model.Tokenization.Unicode;

/// <summary>
/// What canonical composition knows of single code points, read from <c>canonical.txt</c> (made by <c>canonical.py</c>).
/// The runtime's own normalisation needs ICU, without which it silently returns its input.
/// </summary>
internal sealed class CanonicalTable
{
    private readonly FrozenDictionary<int, (int First, int Second)> _decompositions;
    private readonly FrozenDictionary<(int First, int Second), int> _compositions;
    private readonly FrozenDictionary<int, byte> _classes;
    private readonly FrozenSet<int> _unstable;

    private CanonicalTable(IEnumerable<string> lines)
    {
        var decompositions = new Dictionary<int, (int First, int Second)>();
        var compositions = new Dictionary<(int First, int Second), int>();
        var classes = new Dictionary<int, byte>();
        foreach (string[] fields in lines.Where(line => line[0] != '#').Select(line => line.Split(' ')))
        {
            int[] codes = [.. fields[1..].Take(fields[0] == "m" ? 2 : 3).Select(code => int.Parse(code, NumberStyles.HexNumber, CultureInfo.InvariantCulture))];
            if (fields[0] == "m")
            {
                for (int code = codes[0]; code <= codes[1]; code++)
                    classes.Add(code, byte.Parse(fields[3], CultureInfo.InvariantCulture));
                continue;
            }

            decompositions.Add(codes[0], (codes[1], codes.ElementAtOrDefault(2)));
            if (fields[0] == "c")
                compositions.Add((codes[1], codes[2]), codes[0]);
        }

        _decompositions = decompositions.ToFrozenDictionary();
        _compositions = compositions.ToFrozenDictionary();
        _classes = classes.ToFrozenDictionary();
        _unstable = decompositions.Keys.Except(compositions.Values).Concat(classes.Keys).Concat(compositions.Keys.Select(pair => pair.Second)).ToFrozenSet();
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
