namespace Outerloop.Planning.Validation;

/// <summary>One string for each name, however often a plan mentions it.</summary>
internal sealed class NameTable
{
    private readonly HashSet<string> names = new(StringComparer.Ordinal);
    private readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> lookup;

    public NameTable() => lookup = names.GetAlternateLookup<ReadOnlySpan<char>>();

    public string Find(ReadOnlySpan<char> text)
    {
        if (lookup.TryGetValue(text, out var name))
            return name;
        name = text.ToString();
        names.Add(name);
        return name;
    }
}
