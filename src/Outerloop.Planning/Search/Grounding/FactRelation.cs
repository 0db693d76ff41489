namespace Outerloop.Planning.Search.Grounding;

/// <summary>
/// The facts of one predicate that are reachable as far as is known, in the order of their discovery. A fact is visible
/// to joins once it is published, in the same order, so that a join over old and new facts meets each combination once.
/// </summary>
internal sealed class FactRelation
{
    private static readonly List<int> None = [];

    private readonly NumberedSet<int> tuples;
    private readonly List<int>?[][] byArgument;

    public FactRelation(int arity, int objectCount)
    {
        Arity = arity;
        tuples = new NumberedSet<int>(arity);
        byArgument = new List<int>?[arity][];
        for (var i = 0; i < arity; i++)
            byArgument[i] = new List<int>?[objectCount];
    }

    public int Arity { get; }

    public int Count => tuples.Count;

    public int Published { get; private set; }

    /// <summary>How many of the facts hold initially; they are the first ones.</summary>
    public int InitialCount { get; set; }

    public ReadOnlySpan<int> this[int index] => tuples[index];

    public bool Add(ReadOnlySpan<int> tuple) => tuples.Add(tuple).IsNew;

    public int Find(ReadOnlySpan<int> tuple) => tuples.Find(tuple);

    /// <summary>Makes the next fact visible and returns its number.</summary>
    public int PublishNext()
    {
        var tuple = tuples[Published];
        for (var i = 0; i < tuple.Length; i++)
            (byArgument[i][tuple[i]] ??= []).Add(Published);
        return Published++;
    }

    /// <summary>The published facts with the given object at the given position.</summary>
    public List<int> With(int position, int thing) => byArgument[position][thing] ?? None;
}
