namespace Outerloop.Planning.Search.Space;

/// <summary>A step not yet taken.</summary>
internal readonly record struct Edge(int State, int Operator);

/// <summary>
/// Two open lists that take turns: one of all steps, one of the preferred ones. Whenever the search makes progress the
/// preferred ones get a run of turns (Richter and Helmert, ICAPS 2009).
/// </summary>
internal sealed class PreferenceOpenList
{
    private const int TurnsPerProgress = 1000;

    private readonly OpenList<long, Edge> all = new();
    private readonly OpenList<long, Edge> preferred = new();
    private int turnsOfAll;
    private int turnsOfPreferred;

    public void Push(long key, Edge edge) => all.Push(key, edge);

    public void PushPreferred(long key, Edge edge) => preferred.Push(key, edge);

    public void NoteProgress() => turnsOfPreferred -= TurnsPerProgress;

    public bool TryPop(out Edge edge)
    {
        if (preferred.Count > 0 && (all.Count == 0 || turnsOfPreferred <= turnsOfAll))
        {
            turnsOfPreferred++;
            return preferred.TryPop(out edge);
        }

        turnsOfAll++;
        return all.TryPop(out edge);
    }
}
