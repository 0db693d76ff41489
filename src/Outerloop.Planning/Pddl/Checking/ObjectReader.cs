using System.Collections.Immutable;

namespace Outerloop.Planning.Pddl.Checking;

/// <summary>Reads constants or objects into the vocabulary.</summary>
internal static class ObjectReader
{
    public static ImmutableArray<PddlObject> Read(Section? section, bool isConstant, Vocabulary vocabulary, Checker checker)
    {
        if (section is not { } found)
            return [];
        var what = isConstant ? "a constant" : "an object";
        var entries = new TypedListReader(checker).Names(found.Body, what);
        new TermReader(checker, vocabulary, new Scope()).CheckTypes(entries);
        var objects = ImmutableArray.CreateBuilder<PddlObject>(entries.Count);
        foreach (var entry in entries)
        {
            var thing = new PddlObject(entry.Name, entry.Type, isConstant);
            if (vocabulary.Objects.TryAdd(entry.Name, thing))
                objects.Add(thing);
            else
                checker.Error("duplicate-object", entry.Node, $"'{entry.Name}' is declared twice");
        }

        return objects.ToImmutable();
    }
}
