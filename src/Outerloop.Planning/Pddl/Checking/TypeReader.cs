namespace Outerloop.Planning.Pddl.Checking;

/// <summary>Reads the type hierarchy and refuses cycles. A type that appears only as a parent counts as declared.</summary>
internal static class TypeReader
{
    /// <summary>More than any domain has; each of them takes a thousand bytes on the way to a hierarchy.</summary>
    public const int MostTypes = 1 << 16;

    public static TypeHierarchy Read(Section? section, Checker checker)
    {
        if (section is not { } types)
            return TypeHierarchy.Untyped;
        var entries = new TypedListReader(checker, "a type").Entries(types.Body);
        if (entries.Count > MostTypes)
        {
            checker.Error("too-large", types.Node, $"the domain has more than {MostTypes} types");
            return TypeHierarchy.Untyped;
        }

        CheckNames(entries, checker);
        var hierarchy = new TypeHierarchy([.. entries
            .Where(e => !Names.Same(e.Name, TypeName.ObjectName))
            .Select(e => new TypeDeclaration(e.Name, e.Type))]);
        CheckCycles(entries, hierarchy, checker);
        return hierarchy;
    }

    private static void CheckNames(List<TypedEntry> entries, Checker checker)
    {
        var seen = new HashSet<string>(Names.Comparer);
        foreach (var entry in entries)
        {
            if (Names.Same(entry.Name, TypeName.ObjectName) && !entry.Type.IsObject)
                checker.Error("type-cycle", entry.Node, "'object' is above all types and cannot be a subtype");
            if (!seen.Add(entry.Name))
                checker.Error("duplicate-type", entry.Node, $"the type '{entry.Name}' is declared twice");
        }
    }

    /// <summary>Removes types without open parents until none is left; what remains runs in circles.</summary>
    private static void CheckCycles(List<TypedEntry> entries, TypeHierarchy hierarchy, Checker checker)
    {
        var children = entries
            .SelectMany(e => hierarchy.Parents(e.Name).Select(parent => (parent, e.Name)))
            .ToLookup(pair => pair.parent, pair => pair.Name, Names.Comparer);
        var reached = new HashSet<string>(Names.Comparer);
        var waiting = hierarchy.AllNames.ToDictionary(n => n, n => hierarchy.Parents(n).Length, Names.Comparer);
        var open = new Queue<string>(waiting.Where(w => w.Value == 0).Select(w => w.Key));
        while (open.TryDequeue(out var type))
        {
            reached.Add(type);
            foreach (var child in children[type])
            {
                if (--waiting[child] == 0)
                    open.Enqueue(child);
            }
        }

        var circular = entries.FindIndex(e => !reached.Contains(e.Name) && !Names.Same(e.Name, TypeName.ObjectName));
        if (circular >= 0)
            checker.Error("type-cycle", entries[circular].Node, $"the type '{entries[circular].Name}' is above itself or below a type that is");
    }
}
