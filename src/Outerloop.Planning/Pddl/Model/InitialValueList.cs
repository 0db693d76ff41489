using System.Collections;
using System.Collections.Immutable;

namespace Outerloop.Planning.Pddl;

/// <summary>The numbers that fluents have in an initial state, in the order written and each fluent once.</summary>
public sealed class InitialValueList : IEnumerable<InitialValue>
{
    private readonly ImmutableArray<Function> functions;
    private readonly ObjectList objects;

    internal InitialValueList(ImmutableArray<Function> functions, ObjectList objects)
    {
        (this.functions, this.objects) = (functions, objects);
        Rows = new AtomRows([.. functions.Select(f => f.Arity)]);
    }

    public int Length => Rows.Count;

    /// <summary>Numbers of functions and of objects, in the order in which domain and problem have them.</summary>
    internal AtomRows Rows { get; }

    /// <summary>For each row its value.</summary>
    internal Column<Number> Numbers { get; } = new();

    public IEnumerator<InitialValue> GetEnumerator()
    {
        var index = 0;
        foreach (var row in Rows)
            yield return new InitialValue(functions[row.Symbol], objects.Select(row.Arguments), Numbers[index++]);
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
