namespace Outerloop.Planning.Validation.Compilation;

/// <summary>What one or several simultaneous steps read and change.</summary>
internal sealed class Touches
{
    private readonly HashSet<Fact> reads = [];
    private readonly HashSet<Fact> adds = [];
    private readonly HashSet<Fact> deletes = [];
    private readonly HashSet<Fact> numbersRead = [];
    private readonly Dictionary<Fact, bool> numbersWritten = [];

    public static Touches Of(CompiledAction action, Derivation derivation, Frame frame, Changes changes)
    {
        var touches = new Touches();
        var reader = new ReadTrace(derivation, touches.reads, touches.numbersRead);
        reader.Visit(action.Precondition, frame);
        reader.Visit(action.Effect, frame);
        reader.FollowAxioms(frame);
        touches.adds.UnionWith(changes.Adds);
        touches.deletes.UnionWith(changes.Deletes);
        foreach (var update in changes.Updates)
            touches.numbersWritten[update.Place] = update.IsAdditive && touches.numbersWritten.GetValueOrDefault(update.Place, true);
        return touches;
    }

    /// <summary>A relation over which the two interfere, or null.</summary>
    public Relation? Conflict(Touches other)
    {
        var fact = reads.Where(r => other.adds.Contains(r) || other.deletes.Contains(r))
            .Concat(other.reads.Where(r => adds.Contains(r) || deletes.Contains(r)))
            .Concat(adds.Where(other.deletes.Contains))
            .Concat(deletes.Where(other.adds.Contains))
            .Concat(numbersRead.Where(other.numbersWritten.ContainsKey))
            .Concat(other.numbersRead.Where(numbersWritten.ContainsKey))
            .Concat(numbersWritten.Keys.Where(p => other.numbersWritten.TryGetValue(p, out var additive) && !(additive && numbersWritten[p])))
            .Cast<Fact?>()
            .FirstOrDefault();
        return fact?.Relation;
    }

    public void Join(Touches other)
    {
        reads.UnionWith(other.reads);
        adds.UnionWith(other.adds);
        deletes.UnionWith(other.deletes);
        numbersRead.UnionWith(other.numbersRead);
        foreach (var (place, additive) in other.numbersWritten)
            numbersWritten[place] = additive && numbersWritten.GetValueOrDefault(place, true);
    }
}
