using System.Runtime.InteropServices;

namespace Outerloop.Planning.Pddl;

/// <summary>A growing list in pieces, so that millions of values are never copied and leave no outgrown arrays behind.</summary>
internal sealed class Column<T>
{
    private const int Bits = 15;
    private const int PieceLength = 1 << Bits;

    private readonly List<T[]> pieces = [];
    private T[] last = [];

    public int Count { get; private set; }

    public ref T this[int index] => ref pieces[index >> Bits][index & (PieceLength - 1)];

    public void Add(T value)
    {
        var place = Count & (PieceLength - 1);
        if (place == last.Length || place == 0)
            MakeRoom(place);
        last[place] = value;
        Count++;
    }

    /// <summary>Forgets the values from <paramref name="count"/> on.</summary>
    public void Truncate(int count)
    {
        Count = count;
        CollectionsMarshal.SetCount(pieces, (count + PieceLength - 1) >> Bits);
        last = pieces.Count == 0 ? [] : pieces[^1];
    }

    /// <summary>Only the first piece grows; most lists need no second one.</summary>
    private void MakeRoom(int used)
    {
        if (used == 0)
        {
            last = new T[pieces.Count == 0 ? 16 : PieceLength];
            pieces.Add(last);
            return;
        }

        Array.Resize(ref last, 2 * used);
        pieces[^1] = last;
    }
}
