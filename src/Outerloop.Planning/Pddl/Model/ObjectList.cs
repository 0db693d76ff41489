using System.Collections;
using System.Collections.Immutable;
using System.Text;

namespace Outerloop.Planning.Pddl;

/// <summary>
/// The objects of a problem, or the constants of a domain, in order of declaration. Problems can have millions, so they
/// are kept as numbers, some twenty bytes each, and become values of <see cref="PddlObject"/> where they are asked for.
/// </summary>
public sealed class ObjectList : IReadOnlyList<PddlObject>
{
    public static readonly ObjectList Empty = new(0, 0);

    private readonly byte[] names;
    private readonly Entry[] entries;
    private readonly int[] buckets;
    private readonly List<TypeName> types = [TypeName.Object];
    private readonly Dictionary<TypeName, int> numberOfType = new() { [TypeName.Object] = 0 };
    private int constants;

    /// <param name="most">How many objects there will be at most.</param>
    /// <param name="characters">How many characters their names will have in all at most.</param>
    internal ObjectList(int most, int characters)
    {
        names = new byte[characters];
        entries = new Entry[most + 1];
        buckets = new int[(int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)most + 1)];
    }

    /// <summary>The constants, with room for more objects.</summary>
    internal ObjectList(ObjectList constants, int more, int characters)
        : this(constants.Length + more, constants.entries[constants.Length].Start + characters)
    {
        foreach (var constant in constants)
        {
            TryAdd(constant.Name);
            SetTypes(Length - 1, constant.Type);
        }

        this.constants = Length;
    }

    /// <param name="Start">Where the name begins; it ends where the next one does.</param>
    /// <param name="Next">1 + the next object of the same bucket.</param>
    /// <param name="Type">The number of the type.</param>
    private record struct Entry(int Start, int Next, int Type);

    public int Length { get; private set; }

    int IReadOnlyCollection<PddlObject>.Count => Length;

    public PddlObject this[int index] => index < Length
        ? new(Encoding.ASCII.GetString(NameOf(index)), TypeOf(index), index < constants)
        : throw new ArgumentOutOfRangeException(nameof(index));

    /// <summary>The number of the object with this name, or -1.</summary>
    public int IndexOf(ReadOnlySpan<char> name)
    {
        var index = buckets[BucketOf(name)] - 1;
        while (index >= 0 && !Ascii.EqualsIgnoreCase(NameOf(index), name))
            index = entries[index].Next - 1;
        return index;
    }

    public TypeName TypeOf(int index) => types[entries[index].Type];

    public IEnumerator<PddlObject> GetEnumerator() => Enumerable.Range(0, Length).Select(i => this[i]).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Adds an object of the root type; false where the name is taken.</summary>
    internal bool TryAdd(ReadOnlySpan<char> name)
    {
        if (IndexOf(name) >= 0)
            return false;
        ref var bucket = ref buckets[BucketOf(name)];
        ref var entry = ref entries[Length++];
        (entry.Next, bucket) = (bucket, Length);
        entries[Length].Start = entry.Start + Encoding.ASCII.GetBytes(name, names.AsSpan(entry.Start));
        return true;
    }

    /// <summary>Gives the objects from <paramref name="first"/> on their type.</summary>
    internal void SetTypes(int first, TypeName type)
    {
        if (!numberOfType.TryGetValue(type, out var number))
        {
            numberOfType[type] = number = types.Count;
            types.Add(type);
        }

        for (var i = first; i < Length; i++)
            entries[i].Type = number;
    }

    /// <summary>Says that all objects so far are constants.</summary>
    internal void EndConstants() => constants = Length;

    internal ImmutableArray<PddlObject> Select(ReadOnlySpan<int> indices)
    {
        var selected = ImmutableArray.CreateBuilder<PddlObject>(indices.Length);
        foreach (var index in indices)
            selected.Add(this[index]);
        return selected.MoveToImmutable();
    }

    private ReadOnlySpan<byte> NameOf(int index) => names.AsSpan(entries[index].Start..entries[index + 1].Start);

    private int BucketOf(ReadOnlySpan<char> name) => string.GetHashCode(name, StringComparison.OrdinalIgnoreCase) & (buckets.Length - 1);
}
