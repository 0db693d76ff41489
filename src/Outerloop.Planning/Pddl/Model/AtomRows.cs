namespace Outerloop.Planning.Pddl;

/// <summary>
/// Atoms as numbers: of each the symbol, then its arguments. That is a tenth of what an object for each would take, and
/// initial states have millions.
/// </summary>
/// <param name="arities">The number of arguments of each symbol.</param>
internal sealed class AtomRows(int[] arities)
{
    private readonly Column<int> numbers = new();

    /// <summary>How many atoms there are.</summary>
    public int Count { get; private set; }

    /// <summary>The place of the next atom.</summary>
    public int End => numbers.Count;

    /// <summary>Compares atoms by their places.</summary>
    public IEqualityComparer<int> ByContent => new ContentComparer(this);

    public void Add(int symbol, ReadOnlySpan<int> arguments)
    {
        numbers.Add(symbol);
        foreach (var argument in arguments)
            numbers.Add(argument);
        Count++;
    }

    /// <summary>Takes the last atom away again.</summary>
    /// <param name="place">Where it is.</param>
    public void RemoveLast(int place)
    {
        numbers.Truncate(place);
        Count--;
    }

    /// <summary>How many atoms each symbol has.</summary>
    public int[] CountBySymbol()
    {
        var counts = new int[arities.Length];
        foreach (var atom in this)
            counts[atom.Symbol]++;
        return counts;
    }

    /// <summary>Each atom in turn.</summary>
    public Enumerator GetEnumerator() => new(this);

    /// <summary>Walks through the atoms; the arguments of one are overwritten by the next.</summary>
    internal struct Enumerator(AtomRows rows)
    {
        private readonly int[] arguments = new int[rows.MostArguments];
        private int end;

        public int Symbol { get; private set; }

        public int Place { get; private set; }

        public readonly ReadOnlySpan<int> Arguments => arguments.AsSpan(0, end - Place - 1);

        public readonly Enumerator Current => this;

        public bool MoveNext()
        {
            if (end == rows.End)
                return false;
            Place = end;
            Symbol = rows.numbers[end++];
            for (var i = 0; i < rows.ArityOf(Symbol); i++)
                arguments[i] = rows.numbers[end++];
            return true;
        }
    }

    private int MostArguments => arities.Length == 0 ? 0 : arities.Max();

    private int ArityOf(int symbol) => arities[symbol];

    private sealed class ContentComparer(AtomRows rows) : IEqualityComparer<int>
    {
        public bool Equals(int x, int y)
        {
            var length = LengthAt(x);
            for (var i = 0; i < length; i++)
            {
                if (rows.numbers[x + i] != rows.numbers[y + i])
                    return false;
            }

            return true;
        }

        public int GetHashCode(int obj)
        {
            var hash = default(HashCode);
            for (var i = 0; i < LengthAt(obj); i++)
                hash.Add(rows.numbers[obj + i]);
            return hash.ToHashCode();
        }

        private int LengthAt(int place) => 1 + rows.ArityOf(rows.numbers[place]);
    }
}
