using Outerloop.Planning.Validation.Compilation;

namespace Outerloop.Planning.Search.Grounding;

/// <summary>
/// The reachable facts by one number each, and which of them never change. A literal is twice its atom's number, plus
/// one where it is negative.
/// </summary>
internal sealed class AtomTable
{
    private readonly LiftedTask task;
    private readonly int[] first;
    private readonly bool[] canBeDeleted;

    public AtomTable(LiftedTask task)
    {
        this.task = task;
        first = new int[task.Relations.Length + 1];
        for (var i = 0; i < task.Relations.Length; i++)
            first[i + 1] = first[i] + task.Relations[i].Count;
        canBeDeleted = new bool[Count];
    }

    public int Count => first[^1];

    /// <summary>The atom of a literal under a binding, or -1 where it is not reachable.</summary>
    public int Find(LiftedLiteral literal, int[] slots)
    {
        Span<int> tuple = stackalloc int[literal.Terms.Length];
        for (var i = 0; i < tuple.Length; i++)
            tuple[i] = Terms.Resolve(literal.Terms[i], slots);
        var index = task.Relations[literal.Predicate].Find(tuple);
        return index < 0 ? -1 : first[literal.Predicate] + index;
    }

    public void NoteDeletion(int atom) => canBeDeleted[atom] = true;

    public bool IsInitial(int atom)
    {
        var predicate = Array.BinarySearch(first, atom);
        // Predicates without facts share their first number with the next one; the last of them owns the atom.
        predicate = predicate < 0 ? ~predicate - 1 : Array.LastIndexOf(first, atom);
        return atom - first[predicate] < task.Relations[predicate].InitialCount;
    }

    /// <summary>Whether the atom holds in every reachable state.</summary>
    public bool IsAlwaysTrue(int atom) => !canBeDeleted[atom] && IsInitial(atom);

    public static int Literal(int atom, bool isPositive) => (atom << 1) | (isPositive ? 0 : 1);

    public static int Atom(int literal) => literal >> 1;

    public static bool IsPositive(int literal) => (literal & 1) == 0;

    public static int Negate(int literal) => literal ^ 1;
}
