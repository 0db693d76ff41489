namespace Outerloop.Planning.Tests.Reference;

/// <summary>A step in a state: the atoms and numbers that it reads, and what it changes.</summary>
internal sealed record GroundStep(HashSet<string> Atoms, HashSet<string> Numbers, List<Change> Changes)
{
    private IEnumerable<string> Adds => Changes.Where(c => c.Kind == "add").Select(c => c.What);

    private IEnumerable<string> Deletes => Changes.Where(c => c.Kind == "delete").Select(c => c.What);

    private IEnumerable<Change> Updates => Changes.Where(c => c.IsUpdate);

    /// <summary>PDDL 2.1, definition 12: whether the two cannot happen at once.</summary>
    public bool InterferesWith(GroundStep other) =>
        Disturbs(other) || other.Disturbs(this)
        || Updates.Any(u => other.Updates.Any(o => u.What == o.What && !(u.IsAdditive && o.IsAdditive)));

    private bool Disturbs(GroundStep other) =>
        other.Atoms.Overlaps(Adds.Concat(Deletes)) || other.Numbers.Overlaps(Updates.Select(u => u.What)) || Adds.Intersect(other.Deletes).Any();
}

/// <summary>A fact added or deleted, or a number updated.</summary>
internal readonly record struct Change(string Kind, string What, decimal Amount)
{
    public bool IsUpdate => Kind is not ("add" or "delete");

    public bool IsAdditive => Kind is "Increase" or "Decrease";
}
