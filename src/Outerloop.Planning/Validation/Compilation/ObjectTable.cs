using System.Collections.Concurrent;
using Outerloop.Planning.Pddl;

namespace Outerloop.Planning.Validation.Compilation;

/// <summary>The objects of a problem by number.</summary>
internal sealed class ObjectTable
{
    /// <summary>Entries of all extents together; up to 64 MiB, where sane problems need less than one.</summary>
    private const long MostEntries = 1 << 23;

    private readonly ObjectList objects;
    private readonly TypeHierarchy types;
    private readonly ConcurrentDictionary<TypeName, TypeExtent> extents = new();
    private long entries;

    public ObjectTable(Problem problem)
    {
        objects = problem.Objects;
        types = problem.Domain.Types;
    }

    public int Count => objects.Length;

    public PddlObject this[int index] => objects[index];

    public bool TryFind(ReadOnlySpan<char> name, out int index) => (index = objects.IndexOf(name)) >= 0;

    public int IndexOf(PddlObject thing) => objects.IndexOf(thing.Name);

    public IEnumerable<string> AllNames => objects.Select(o => o.Name);

    /// <summary>The objects that belong to a type.</summary>
    /// <exception cref="TaskTooLargeException">There are too many types and objects.</exception>
    public TypeExtent Extent(TypeName type) => extents.GetOrAdd(type, ComputeExtent);

    private TypeExtent ComputeExtent(TypeName type)
    {
        entries += objects.Length;
        if (entries > MostEntries)
            throw new TaskTooLargeException();
        var belongs = new Dictionary<TypeName, bool>();
        var rank = new int[objects.Length];
        var members = new List<int>();
        for (var i = 0; i < objects.Length; i++)
        {
            var own = objects.TypeOf(i);
            if (!belongs.TryGetValue(own, out var member))
                belongs[own] = member = types.Belongs(own, type);
            rank[i] = member ? members.Count : -1;
            if (member)
                members.Add(i);
        }

        return new TypeExtent(members.Count == rank.Length ? rank : [.. members], rank);
    }
}

/// <summary>The problem has so many types and objects together that listing which belong to which takes too much memory.</summary>
internal sealed class TaskTooLargeException : Exception;

/// <summary>The objects of one type.</summary>
/// <param name="Members">Object numbers, ascending.</param>
/// <param name="Rank">For each object its position in <paramref name="Members"/>, or -1.</param>
internal sealed record TypeExtent(int[] Members, int[] Rank)
{
    public bool Contains(int thing) => Rank[thing] >= 0;
}
